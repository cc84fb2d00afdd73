"""HTTP as this service speaks it: problem details, conditional requests, paging, parameters, bodies, middleware, docs.

It exists so that every package answers alike without knowing how, and so that what HTTP demands is written once.
It knows no domain: no article, no table, no key. Whatever needs one is passed in (the authentication of a guarded
route, the links of the index, the causes of failure, which register themselves by subclassing `Problem`).
It may import `db` (for the errors that mean "try again later"), `core`, and nothing else of the house.
Middleware is pure ASGI: one BaseHTTPMiddleware costs as much as a whole route.

A public GET meets three answers to the framework's price, from the outside in. `edge` has recent answers in memory and
gives them before anything else runs; `kept` holds them by surrogate key, `hearing` follows the log and forgets what a
change touched, `collecting` is how an answer on its way to a client is kept. `plain` calls the functions of the busiest
routes without matching and dependencies. All else goes through FastAPI, which documents all three.
"""
