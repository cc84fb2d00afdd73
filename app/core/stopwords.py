"""Words that say nothing about what a text is about, by primary language subtag, folded as `text.fold` does.

Which texts they are left out of is for `text` to say. The country 'US' reads like the pronoun when folded, so that one
is not here.
"""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STOP_WORDS: Final[dict[str, frozenset[str]]] = {
    "en": _words("""
        a about above after again against ago all almost along already also although always am amid among an and
        another any are aren't around as at away back be because been before being below between both but by can
        can't cannot could couldn't did didn't do does doesn't doing don't down during each either else ever
        every few for from further had hadn't has hasn't have haven't having he her here hers herself him
        himself his how however i if in into is isn't it its itself just let like may me might more most much
        must mustn't my myself near neither no nor not now of off often on once one only onto or other others
        our ours ourselves out over own per rather said same say says shall she should shouldn't since so some
        still such than that the their theirs them themselves then there these they this those though through
        thus to too toward towards under until up upon very via was wasn't we were weren't what when where
        whether which while who whom whose why will with within without won't would wouldn't yet you your yours
        yourself
    """),
    "fr": _words("""
        a afin ai ailleurs ainsi alors apres as au aucun aucune aujourd'hui aupres aussi autre autres aux
        avaient avait avant avec avez avoir avons c car ce ceci cela celle celles celui cependant ces cet cette
        ceux chaque chez ci comme comment contre d dans de depuis des desormais deux devant dit doit donc dont
        du elle elles en encore entre es est et etaient etait ete etes etre eu eux fait faut font furent fut
        hors ici il ils j je jusqu l la le les leur leurs lors lorsque lui m ma mais malgre me meme memes mes
        mien moi moins mon n ne ni non nos notre nous on ont ou par parce parmi pas pendant peu peut peuvent
        plus plusieurs pour pourquoi pres puis qu quand que quel quelle quelles quelque quelques quels qui quoi
        s sa sans se sera serait seront ses si sien soi soit selon son sont sous sur t ta tandis tant te tel
        telle tels tes toi ton toujours tous tout toute toutes tres trop tu un une va vers vont vos votre vous y
    """),
    "ar": _words("""
        في من الي علي عن مع هذا هذه ذلك تلك هولاء اوليك هو هي هم هن هما انا نحن انت انتم التي الذي الذين اللذين
        اللاتي ان انه انها انهم اذا اذ لو لولا لكن لكنه كان كانت كانوا يكون تكون ليس ليست لم لن لا ما ماذا متي
        اين كيف كم هل قد لقد كل كلا بعض غير سوي حتي ثم او ام بل اي ايضا بين بعد قبل عند عندما لدي منذ خلال حول
        ضد فوق تحت امام وراء دون بدون كما مثل حيث حين بينما لان لانه به بها بهم له لها لهم فيه فيها منه منها
        عليه عليها اليه اليها عنه عنها فقد وقد وقال قال قالت يقول اكد واكد وهو وهي وفي ومن وعلي وان وانه وكان
        وكانت ولم ولا وما و ف ب ل ك نحو عبر اثر جراء وذلك هناك هنا الان احد احدي اكثر اقل جدا فقط وفق وفقا
    """),
    "es": _words("""
        a ademas al algo algun alguna algunas alguno algunos alli ante antes aquel aquella aquellos aqui asi aun
        aunque bajo cada casi como con contra cual cuales cuando cuanto de del desde despues donde dos durante e
        el ella ellas ellos en entre era eran es esa esas ese eso esos esta estaba estado estan estar estas este
        esto estos fue fueron ha habia haber habian hace hacia han has hasta hay he la las le les lo los mas me
        mediante mi mientras mis mismo mucho muchos muy nada ni no nos nosotros nuestra nuestro o os otra otras
        otro otros para pero poco por porque pues que quien quienes se segun ser sera si sido sin sino sobre
        solo son su sus tal tambien tan tanto te tener tiene tienen toda todas todo todos tras tu tus u un una
        unas uno unos ya y yo
    """),
    "de": _words("""
        aber alle allem allen aller alles als also am an andere anderen anderer anderes auch auf aus bei beim
        bereits bin bis bist da dabei dadurch dafur dagegen damit danach dann daran darauf daruber darum das
        dass dazu dein deine dem den denen denn dennoch der deren des deshalb dessen die dies diese diesem
        diesen dieser dieses doch dort du durch ein eine einem einen einer eines einige er es etwa etwas euch
        euer fur gegen hab habe haben hat hatte hatten hier hinter ich ihm ihn ihnen ihr ihre ihrem ihren ihrer
        im in ins ist ja jede jedem jeden jeder jedes jedoch jetzt kann kein keine keinen konnen konnte man mehr
        mein meine mit muss mussen nach nachdem neben nicht nichts noch nun nur ob oder ohne schon sehr sein
        seine seinem seinen seiner seit seitdem selbst sich sie sind so sogar solche soll sollen sollte sondern
        sowie uber um und uns unser unter viel viele vom von vor wahrend war waren was weil weiter welche wenn
        wer werden wie wieder will wir wird wo worden wurde wurden zu zum zur zwar zwei zwischen
    """),
    "it": _words("""
        a ad agli ai al alla alle allo altra altre altri altro anche ancora anni avere aveva avevano c che chi
        ci cio circa come con contro cosa cosi cui d da dagli dai dal dalla dalle dallo degli dei del dell della
        delle dello dentro di dopo dove due durante e ed era erano essere fa fino fra fu furono gia gli ha hanno
        ho i il in io l la le lei li lo loro lui ma me meno mentre mi mia mio molto ne nei nel nella nelle nello
        no noi non nostra nostro o ogni oltre per perche piu poco poi prima proprio puo qua qual quale quali
        quando quanto quasi quella quelle quelli quello questa queste questi questo qui sara se secondo sempre
        senza si sia sono sopra sotto sta stata state stati stato su sua sue sugli sui sul sulla sulle sullo suo
        suoi tra tre troppo tu tutta tutte tutti tutto un una uno verso vi voi
    """),
    "pt": _words("""
        a ainda algum alguma alguns ante antes ao aos apenas apos aquela aquele aqueles as assim ate cada com
        como contra cuja cujo da das de dela dele deles depois desde dessa desse desta deste do dois dos durante
        e ela elas ele eles em enquanto entre era eram essa essas esse esses esta estao estar estas estava este
        estes eu foi foram ha isso isto ja la lhe lhes mais mas me mesmo meu minha muito muitos na nao nas nem
        nessa nesse nesta neste no nos nossa nosso num numa o onde os ou outra outras outro outros para pela
        pelas pelo pelos perante pode por porque pois qual quando quanto que quem se segundo seja sem sempre ser
        sera seu seus si sido sob sobre sua suas tambem tao tem tendo ter teve toda todas todo todos tras tu um
        uma umas uns voce voces
    """),
    "nl": _words("""
        aan achter al alle alleen als altijd andere ben bent bij binnen boven buiten daar dan dat de der deze
        die dit doch doen door dus echter een eens en er etc ge geen haar had hadden heb hebben heeft hem hen
        het hier hij hoe hun iets ik in is ja je jij kan kon kunnen kwam maar me meer men met mij mijn moet
        moeten na naar niet niets nog nu of om omdat ondanks onder ons onze ook op over reeds sinds te tegen
        tegenover tijdens toch toen tot tussen u uit uw van vanaf vanuit veel via volgens voor vooral waar
        wanneer want waren was wat we weer wel werd werden wie wij wil wordt worden zal ze zei zelf zich zij
        zijn zo zoals zonder zou zouden
    """),
}
