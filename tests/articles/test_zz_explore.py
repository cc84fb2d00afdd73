import pytest
from app.articles.walks import chosen, shape, values
from app.articles.filters import Filters
from app.web.paging import Cursor
from tests.articles.plans import plan, fill, START
from datetime import timedelta
from uuid import UUID
import time
CASES={
 'all':Filters(), 'section':Filters(sections=('section1',)),'sections':Filters(sections=('section1','section2')),
 'lang':Filters(languages=('en',)),'narrow':Filters(languages=('en-GB',)),'langs':Filters(languages=('en','fr')),
 'tag':Filters(tags=(('tag1',),)),'tags':Filters(tags=(('tag1','tag12'),)),'tag&tag':Filters(tags=(('tag1',),('tag12',))),
 'by':Filters(contributors=(('by1',),)),'breaking':Filters(is_breaking=True),'notbreaking':Filters(is_breaking=False),
 'window':Filters(since=START+timedelta(days=3),until=START+timedelta(days=5)),
 'section+lang':Filters(sections=('section1',),languages=('en',)),
 'section+langs':Filters(sections=('section1',),languages=('en','fr')),
 'section+breaking':Filters(sections=('section1',),is_breaking=True),
 'lang+breaking':Filters(languages=('en',),is_breaking=True),
 'tag+section':Filters(tags=(('tag1',),),sections=('section1',)),
 'tags+sections+by':Filters(tags=(('tag1','tag12'),('tag3',)),sections=('section1','section2'),contributors=(('by1',),),languages=('en',)),'tag+by':Filters(tags=(('tag1',),),contributors=(('by1',),)),
 'tag+lang+breaking':Filters(tags=(('tag1',),),languages=('en',),is_breaking=True),
}
async def test_x(database):
    t=time.time(); await fill(database); print('fill',time.time()-t)
    for name,f in CASES.items():
        for d in (None,'older','newer'):
            c=Cursor(d,START+timedelta(days=10),UUID(int=1500)) if d else None
            s=chosen(shape(f,d))
            print(database.dialect,name,d); 
            for l in await plan(database,s,values(f,c,limit=21)): print('     ',l)
