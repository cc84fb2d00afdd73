"""Storylines: the articles about one developing event, what the event is called, and what editors said of both.

Which articles belong together is decided elsewhere, by editors or by a follower of the log; here that is carried out,
shown and kept true: a title is an article's headline, so that it must go where the headline goes. Every change of a
storyline takes its turn before it locks an article (`store.queue`): it may have to write to all of its articles. May
import the rest of `articles` but publishing, and what is below it.
"""
