/**
 * The only sender. Events wait in memory and leave in batches: a second after the view began, a second after
 * the first act in it, then every 15 s, and at once by beacon when the page is hidden or left.
 *
 * What costs the page is the call that sends, not the event, so that call is made in idle time. Where the
 * browser has fetchLater it holds a copy of what waits, and sends that if the page dies with no time to speak.
 * An event is (view, n) for ever: the server stores a pair once, so sending again is always safe.
 */
import {options, script} from './config.js';
import {guard, later, soon} from './guard.js';
import {visitor} from './visitor.js';

const endpoint = (options.netivEndpoint || new URL('/event', script.src)) + '?site=' + options.site;

// Characters, of up to three bytes: keepalive requests of all scripts of a page share 64 KiB while on their way.
const LIMIT = 16384;
const KEPT = 1000;
const TRIES = 5;

export let page;
let waiting = [];
let n, sends, timer, hold, busy, held = 0, failures = 0;

/** The page view that events belong to from now on. */
export const begin = (next) => {
  page = next;
  n = sends = 0;
};

/** Adds an event to the queue and gives it back: until it is sent it may still be changed. */
export const emit = (type, data) => {
  const event = {type, n: n++, at: Date.now(), page, ...data};
  if (!waiting[KEPT]) waiting.push(event);
  if (self.fetchLater) keep();
  if (data.kind != 'view') schedule(); // that a form was seen can wait for what comes next
  return event;
};

const schedule = () => {
  if (waiting[0]) timer ||= later(send, sends < 2 ? 900 : 15000);
};

/** The title of now and not of the view's beginning: single-page applications set it after the address. */
export const entitle = () => {
  page.title ??= document.title.slice(0, 300);
};

/** The waiting events from a place on, as many as fit into a batch: [body, how many]. */
const pack = (from, count = 400) => {
  const pages = [], events = waiting.slice(from, from + count);
  entitle();
  const body = JSON.stringify({
    sent_at: Date.now(),
    pages,
    events: events.map((event) => ({...event, page: (pages.indexOf(event.page) + 1 || pages.push(event.page)) - 1})),
    ...visitor(),
  });
  return body.length > LIMIT ? pack(from, count >> 1) : [body, events.length];
};

/** Gives the browser what it does not hold yet; sent only if the page dies. */
const keep = soon(() => {
  hold ||= new AbortController();
  while (waiting[held]) {
    const [body, count] = pack(held);
    fetchLater(endpoint, {method: 'POST', body, signal: hold.signal});
    held += count;
  }
}, 1500);

const drop = () => {
  hold?.abort();
  hold = null;
  held = 0;
};

/** Sends a batch, or when the page is left everything, by beacon. */
export const send = (leaving) => {
  clearTimeout(timer);
  timer = 0;
  drop();
  if (!waiting[0] || busy && !leaving) return;
  const [body, count] = pack(0);
  const batch = waiting.splice(0, count);
  const back = () => {
    waiting = batch.concat(waiting);
  };
  if (leaving) return navigator.sendBeacon(endpoint, body) ? send(1) : back();

  busy = 1;
  sends = waiting[0] ? 0 : sends + 1; // more than fits: the rest need not wait for long
  fetch(endpoint, {method: 'POST', body, keepalive: true, credentials: 'omit'}).catch((error) => error).then(guard(({status, headers}) => {
    busy = 0;
    if (status < 500 && status != 429) {
      failures = 0; // or refused for good: it would be the same the next time
    } else {
      back();
      // Spread, so that the visitors of a server that was down do not all come back in the same second.
      timer = ++failures > TRIES ? -1 : later(send, headers?.get('retry-after') * 1000 || 2000 * 2 ** failures * (1 + Math.random()));
    }
    schedule();
  }));
};
