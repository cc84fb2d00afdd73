/*
 * The latest headlines of a Dateline service on any page, live.
 *
 *   <script src="https://api.example.com/embed/headlines.js" async></script>
 *   <dateline-headlines section="world" limit="5" tz="Europe/Paris">
 *     <a href="https://www.example.com/">Latest news</a>  (shown until the list is there)
 *   </dateline-headlines>
 *
 * What to show   section, tag, contributor, storyline, language: slugs or codes, commas mean any of them; in tag and
 *                contributor a space means all of them. breaking (or breaking="false"). limit: 1 to 100, else 5.
 *                tz: an IANA time zone, else the reader's own.
 * How            heading, heading-level (else 2), target (of the links), lang and dir as on any element, and
 *                text-label, text-breaking, text-news, text-empty, text-failed, text-retry for words of your own.
 * From where     api: the service's address, else the one that this script came from.
 * Styling        ::part() of container, heading, list, item, time, breaking, headline, status, retry; --dateline-gap
 *                between time and headline, --dateline-space around an item, --dateline-rule: the line between two.
 * A strict CSP   needs the service in script-src and in connect-src, and nothing else.
 */
(() => {
  "use strict";
  const NAME = "dateline-headlines";
  if (customElements.get(NAME)) return;

  const SOURCE = document.currentScript?.src;
  const HOME = SOURCE && new URL("..", SOURCE).href;
  const FILTERS = ["section", "tag", "contributor", "storyline", "language", "breaking"];
  const CHANGES = ["published", "updated", "corrected", "moved", "withdrawn", "refreshed"];
  const WORDS = ["label", "breaking", "news", "empty", "failed", "retry"];
  const TEXTS = {
    en: ["Latest headlines", "Breaking", "New headlines:", "No headlines yet.",
      "The headlines could not be loaded.", "Try again"],
    fr: ["Derniers titres", "Urgent", "Nouveaux titres :", "Pas encore de titres.",
      "Les titres n’ont pas pu être chargés.", "Réessayer"],
    de: ["Aktuelle Schlagzeilen", "Eilmeldung", "Neue Schlagzeilen:", "Noch keine Schlagzeilen.",
      "Die Schlagzeilen konnten nicht geladen werden.", "Erneut versuchen"],
    es: ["Últimos titulares", "Última hora", "Nuevos titulares:", "Aún no hay titulares.",
      "No se han podido cargar los titulares.", "Reintentar"],
    ar: ["آخر العناوين", "عاجل", "عناوين جديدة:", "لا توجد عناوين بعد.",
      "تعذّر تحميل العناوين.", "إعادة المحاولة"],
  };
  const SECOND = 1000;
  const MINUTE = 60 * SECOND;

  // A constructed sheet, which no style-src of the page forbids. Colours and fonts are the page's own.
  const SHEET = new CSSStyleSheet();
  SHEET.replaceSync(`
    :host { display: block }
    :host([hidden]), [hidden] { display: none !important }
    section { position: relative }
    #heading { margin-block-end: .5em; font-size: 1.15em; font-weight: bold; line-height: 1.25 }
    ol { display: grid; grid-template-columns: max-content minmax(0, 1fr); margin: 0; padding: 0; list-style: none }
    li { display: grid; grid-column: 1 / -1; grid-template-columns: auto 1fr; grid-template-columns: subgrid;
      align-items: baseline; column-gap: var(--dateline-gap, .75em); padding-block: var(--dateline-space, .45em) }
    li + li { border-block-start: 1px solid var(--dateline-rule, rgb(128 128 128 / .35)) }
    time { font-variant-numeric: tabular-nums; white-space: nowrap }
    a { color: inherit; text-decoration: none; overflow-wrap: anywhere }
    a:hover { text-decoration: underline }
    a:focus-visible, button:focus-visible { outline: 2px solid; outline-offset: 2px; border-radius: 2px }
    strong { margin-inline-end: .25em; padding-inline: .35em; border: 1px solid; border-radius: 2px; font-size: .8em }
    p { margin: .5em 0 }
    .unseen { position: absolute; inset-block-end: 0; width: 1px; height: 1px; margin: 0; overflow: hidden;
      clip-path: inset(50%); white-space: nowrap }
    button { font: inherit; margin-inline-start: .5em }`);

  const make = (name, part, ...children) => {
    const made = document.createElement(name);
    if (part) made.setAttribute("part", part);
    made.append(...children);
    return made;
  };

  // Nothing is touched that stays as it was: selections, focus and what is being read aloud are left alone.
  const put = (node, name, value) => {
    if (name === "text") node.textContent === value || (node.textContent = value);
    else if (value === null) node.removeAttribute(name);
    else if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  };

  const webAddress = (url) => {
    try {
      const found = new URL(url);
      return /^https?:$/.test(found.protocol) ? found.href : null;
    } catch {
      return null;
    }
  };

  // A page may name a language or a zone that this browser does not know.
  const formatter = (language, options) => {
    try {
      return new Intl.DateTimeFormat(language, options);
    } catch {
      return new Intl.DateTimeFormat(undefined, { ...options, timeZone: "UTC" });
    }
  };

  /** What the lists of one page share of one service: a single stream, because streams are few. It is filtered where
   * all of them ask alike; else it tells of everything. */
  class Wire {
    static #all = new Map();

    static of(api) {
      if (!this.#all.has(api)) this.#all.set(api, new Wire(api));
      return this.#all.get(api);
    }

    static each(told) {
      this.#all.forEach(told);
    }

    lists = new Set();
    seq = -1; // how far the log is known to have come
    #source;
    #filters;
    #failures = 0;
    #failedAt = 0;
    #again;
    #sleep;

    constructor(api) {
      this.api = api;
    }

    leave(list) {
      this.lists.delete(list);
      if (this.lists.size) return;
      this.close();
      this.#again = clearTimeout(this.#again);
    }

    /** A list was read, as it is at `seq`. */
    reached(seq) {
      const asked = new Set([...this.lists].map((list) => list.filters));
      const filters = asked.size > 1 ? "" : [...asked][0];
      if (!this.#source || filters !== this.#filters) this.#open(Math.max(seq, this.seq), filters);
      this.#settle();
    }

    /** Reads everything again, and then follows from there. */
    refresh() {
      this.#again = clearTimeout(this.#again);
      if (document.hidden) return; // `look` does it
      if (!this.#source) this.seq = -1;
      this.lists.forEach((list) => list.read());
    }

    /** After a failure: soon, then more and more rarely, and never all pages at once. */
    retry() {
      if (this.#again) return;
      this.#failures = Date.now() - this.#failedAt > 3 * MINUTE ? 1 : this.#failures + 1;
      this.#failedAt = Date.now();
      const pause = Math.min(MINUTE, 2 ** this.#failures * SECOND) * (0.5 + Math.random());
      this.#again = setTimeout(() => this.refresh(), pause);
    }

    /** The page was shown or hidden: who does not look for a while gives the stream back. */
    look() {
      clearTimeout(this.#sleep);
      if (document.hidden) this.#sleep = setTimeout(() => this.close(), MINUTE);
      else if (!this.#source) this.refresh();
    }

    close() {
      this.#source = this.#source?.close();
    }

    /** Without the stream for now. */
    renew() {
      this.close();
      this.retry();
    }

    #open(seq, filters) {
      this.close();
      if (document.hidden) return;
      this.seq = seq;
      this.#filters = filters;
      const after = seq < 0 ? "" : `after=${seq}`;
      const source = (this.#source = new EventSource(`${this.api}v1/stream?${after}${filters}`));
      for (const kind of CHANGES) {
        source.addEventListener(`article.${kind}`, (event) => this.#heard(JSON.parse(event.data)));
      }
      // Not left to EventSource, which gives up when refused, and has every page come back at the same moment.
      source.onerror = () => this.renew();
      // Some proxies hold back what has no end.
      setTimeout(() => source.readyState === EventSource.CONNECTING && this.renew(), 20 * SECOND);
    }

    #heard(change) {
      if (change.kind === "article.withdrawn") this.lists.forEach((list) => list.drop(change));
      this.seq = Math.max(this.seq, change.seq);
      this.#settle();
    }

    #settle() {
      for (const list of this.lists) if (list.seq < this.seq) list.soon();
    }
  }

  document.addEventListener("visibilitychange", () => Wire.each((wire) => wire.look()));
  addEventListener("online", () => Wire.each((wire) => {
    wire.close(); // of the network that was left
    wire.refresh();
  }));
  // An open connection would keep the page from being brought back as it was.
  addEventListener("pagehide", () => Wire.each((wire) => wire.close()));

  customElements.define(NAME, class extends HTMLElement {
    static observedAttributes = [...FILTERS, "limit", "tz", "api", "heading", "heading-level", "target", "lang",
      ...WORDS.map((word) => `text-${word}`)];

    seq; // of the answer that is shown
    filters = "";
    #wire;
    #cards; // of the newest answer; none before the first
    #question; // that they answer
    #zone = "UTC";
    #news = 0;
    #isFailed = false;
    #isReading = false;
    #turn = 0;
    #queued;
    #later;
    #clock;
    #items = new Map();
    #root = this.attachShadow({ mode: "open" });
    #heading = make("div", "heading");
    #fallback = make("slot");
    #list = make("ol", "list");
    #message = make("span");
    #retry = make("button", "retry");
    #status = make("p", "status", this.#message, this.#retry);
    #section = make("section", "container", this.#heading, this.#fallback, this.#list, this.#status);

    constructor() {
      super();
      this.#heading.id = "heading";
      this.#heading.setAttribute("role", "heading");
      this.#list.setAttribute("role", "list"); // which Safari else forgets for want of bullets
      this.#status.setAttribute("role", "status");
      this.#status.setAttribute("aria-live", "polite");
      this.#retry.type = "button";
      this.#retry.addEventListener("click", () => this.read());
      this.#root.adoptedStyleSheets = [SHEET];
      this.#root.append(this.#section);
    }

    connectedCallback() {
      this.#clock = setInterval(() => this.#paint(), MINUTE); // after midnight, today's are yesterday's
      this.#queue();
    }

    disconnectedCallback() {
      clearInterval(this.#clock);
      this.#queued = clearTimeout(this.#queued);
      this.#later = clearTimeout(this.#later);
      this.#turn++;
      this.#isReading = false;
      this.#wire?.leave(this);
      this.#wire = undefined;
    }

    attributeChangedCallback() {
      if (this.isConnected) this.#queue();
    }

    /** Once for all changes of a moment, and not in the same one as every other page. */
    soon() {
      this.#later ??= setTimeout(() => {
        this.#later = undefined;
        if (!this.#isReading && this.seq < this.#wire.seq) this.read(this.#wire.seq);
      }, 250 + 1500 * Math.random());
    }

    /** A withdrawn article goes at once. */
    drop({ article_id: id, seq }) {
      if (!(seq > this.seq) || !this.#items.has(id)) return;
      this.#cards = this.#cards.filter((card) => card.id !== id);
      this.#paint();
    }

    /** Asks for the list as it is now, no older than `least`, and shows it. */
    async read(least) {
      const turn = ++this.#turn;
      const question = this.#ask();
      this.#isReading = true;
      this.#news = 0;
      this.#paint();
      const failure = await this.#fetch(question, least, turn);
      if (turn !== this.#turn) return;
      this.#isReading = false;
      this.#isFailed = Boolean(failure);
      if (failure && question !== this.#question) this.#cards = undefined;
      this.#paint();
      if (!failure) this.#wire.reached(this.seq);
      else if (failure.isLasting) console.error(`${NAME}: ${failure.message}`);
      else this.#wire.retry();
    }

    /** What went wrong, if anything did. */
    async #fetch(question, least, turn) {
      const { api } = this.#wire;
      if (!api) return { isLasting: true, message: "the attribute api is needed where the script has no address" };
      try {
        const url = `${api}v1/timeline?${question}${least ? `&min_seq=${least}` : ""}`;
        const response = await fetch(url, { credentials: "omit", signal: AbortSignal.timeout(15 * SECOND) });
        const answer = await response.json();
        if (turn !== this.#turn) return;
        const { ok, status, headers } = response;
        if (!ok) return { isLasting: status < 500 && status !== 429, message: answer.detail };
        // Where something on the way drops the field, what was asked for is what is known.
        this.#take(answer, question, Number(headers.get("Dateline-Seq") ?? least ?? -1));
      } catch (error) {
        return error;
      }
    }

    #take({ data, meta }, question, seq) {
      if (this.#cards && question === this.#question) {
        const newest = Math.max(...this.#cards.map((card) => Date.parse(card.published_at)));
        this.#news = data.filter(({ id, published_at: at }) => !this.#items.has(id) && Date.parse(at) > newest).length;
      }
      this.#cards = data;
      this.#zone = meta.tz;
      this.#question = question;
      this.seq = seq;
    }

    /** Once for all that a page sets at a time. */
    #queue() {
      this.#queued ??= setTimeout(() => {
        this.#queued = undefined;
        this.read();
      });
    }

    /** The query of the list; it is on the wire of the service that it is to be asked of. */
    #ask() {
      const asked = new URLSearchParams();
      for (const name of FILTERS) {
        const value = this.getAttribute(name)?.replace(/\s*,\s*/g, ",").trim();
        const values = name === "tag" || name === "contributor" ? value?.split(/\s+/) : [value];
        for (const one of values ?? []) if (one) asked.append(name, one);
        if (name === "breaking" && value === "") asked.set(name, "true");
      }
      this.filters = asked.size ? `&${asked}` : "";
      const given = this.getAttribute("api")?.replace(/\/*$/, "/");
      const api = given ? new URL(given, document.baseURI).href : HOME;
      if (this.#wire?.api !== api) {
        this.#wire?.leave(this);
        this.#wire = Wire.of(api);
        this.#wire.lists.add(this);
      }
      const limit = Math.min(100, Math.max(1, parseInt(this.getAttribute("limit")) || 5));
      const zone = this.getAttribute("tz") || Intl.DateTimeFormat().resolvedOptions().timeZone;
      return `limit=${limit}${zone && zone !== "Etc/Unknown" ? `&tz=${encodeURIComponent(zone)}` : ""}${this.filters}`;
    }

    /** Shows what is known, in place: what stays keeps its focus. */
    #paint() {
      const focused = this.#root.activeElement;
      const place = [...this.#list.children].indexOf(focused?.closest("li"));
      this.#paintFrame();
      this.#paintList();
      if (!focused || (focused === this.#root.activeElement && !focused.hidden)) return;
      // Where its article has left the list, focus goes to the one in its place, not to the top of the page.
      const row = this.#list.children[Math.min(Math.max(place, 0), this.#list.children.length - 1)];
      (focused.isConnected && !focused.hidden ? focused : row?.querySelector("a"))?.focus({ preventScroll: true });
    }

    #language() {
      return this.closest("[lang]")?.lang || navigator.language;
    }

    /** Words of the page's own, else ours in its language, else in English, with their language. */
    #words(name) {
      const own = this.getAttribute(`text-${name}`);
      const language = this.#language().slice(0, 2).toLowerCase();
      const ours = language in TEXTS ? language : "en";
      return own === null ? [TEXTS[ours][WORDS.indexOf(name)], ours] : [own, null];
    }

    #say(node, name, more = "") {
      const [words, language] = this.#words(name);
      put(node, "text", words + more);
      put(node, "lang", language);
    }

    #paintFrame() {
      const heading = this.getAttribute("heading");
      this.#heading.hidden = !heading;
      put(this.#heading, "text", heading ?? "");
      put(this.#heading, "aria-level", this.getAttribute("heading-level") ?? "2");
      put(this.#section, "aria-labelledby", heading ? "heading" : null);
      put(this.#section, "aria-label", heading ? null : this.#words("label")[0]);
      put(this.#section, "aria-busy", String(this.#isReading && !this.#cards));
      this.#fallback.hidden = Boolean(this.#cards);
      const word = this.#cards?.length ? this.#news && "news" : this.#cards ? "empty" : this.#isFailed && "failed";
      const isSeen = word && word !== "news";
      put(this.#status, "class", isSeen ? null : "unseen");
      put(this.#status, "part", isSeen ? "status" : "news");
      if (word) this.#say(this.#message, word, word === "news" ? ` ${this.#news}` : "");
      else put(this.#message, "text", "");
      this.#retry.hidden = word !== "failed";
      this.#say(this.#retry, "retry");
    }

    #paintList() {
      const cards = this.#cards ?? [];
      const day = this.#days();
      const ids = new Set(cards.map((card) => card.id));
      for (const [id, item] of this.#items) {
        if (ids.has(id)) continue;
        item.row.remove();
        this.#items.delete(id);
      }
      let place = this.#list.firstElementChild;
      for (const card of cards) {
        const { row } = this.#paintItem(card, day);
        if (row === place) place = place.nextElementSibling;
        else this.#list.insertBefore(row, place);
      }
    }

    #paintItem(card, day) {
      const item = this.#items.get(card.id) ?? this.#newItem(card.id);
      put(item.time, "datetime", card.published_at);
      put(item.time, "title", `${day(card.local, true)} ${card.local.time}`);
      put(item.time, "text", day(card.local) ?? card.local.time);
      item.mark.hidden = !card.breaking;
      this.#say(item.mark, "breaking");
      put(item.link, "text", card.headline);
      put(item.link, "lang", card.language);
      put(item.link, "href", webAddress(card.url));
      put(item.link, "target", this.getAttribute("target"));
      return item;
    }

    #newItem(id) {
      const time = make("time", "time");
      const mark = make("strong", "breaking");
      const link = make("a", "headline");
      link.dir = "auto"; // the headline's own direction; the list has the page's
      const item = { time, mark, link, row: make("li", "item", time, make("span", "", mark, " ", link)) };
      this.#items.set(id, item);
      return item;
    }

    /** How to name a day: today's only when told to. */
    #days() {
      const today = formatter("sv", { timeZone: this.#zone }).format(); // Swedes write YYYY-MM-DD
      const named = { day: "numeric", month: "short", timeZone: "UTC", numberingSystem: "latn" };
      const short = formatter(this.#language(), named);
      const long = formatter(this.#language(), { ...named, year: "numeric" });
      return ({ date }, isAlways = false) => {
        if (date === today && !isAlways) return null;
        return (date.slice(0, 4) === today.slice(0, 4) && !isAlways ? short : long).format(new Date(date));
      };
    }
  });
})();
