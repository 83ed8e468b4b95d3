/**
 * The only sender. Events wait in memory and leave in batches: a second after the view began, a second after
 * the first act in it, then every 15 s, and at once by beacon when the page is hidden or left.
 *
 * What costs the page is the call that sends, not the event, so that call is made in idle time. Where the
 * browser has fetchLater it holds a copy of what waits, and sends that if the page dies with no time to speak.
 * An event is (view, n) for ever: the server stores a pair once, so sending again is always safe.
 */
import {endpoint} from './config.js';
import {guard, later} from './guard.js';
import {visitor} from './visitor.js';

// Keepalive requests of all scripts of a page share 64 KiB while they are on their way.
const LIMIT = 49152;
const KEPT = 1000;
const TRIES = 5;

let waiting = []; // pairs of [page, event]
export let page;
let n;
let sends, timer, busy, failures = 0;
let hold, holdTimer;

/** The page view that events belong to from now on. */
export const begin = (next) => {
  page = next;
  n = sends = 0;
};

/** Adds an event to the queue and gives it back: until it is sent it may still be changed. */
export const emit = (type, data) => {
  const event = {type, n: n++, at: Date.now(), ...data};
  if (waiting.length < KEPT) waiting.push([page, event]);
  timer ||= later(send, sends < 2 ? 900 : 15000);
  if (self.fetchLater) holdTimer ||= later(keep, 900);
  return event;
};

/** Body of the first waiting events, as many as fit, and how many those are. */
const pack = () => {
  let count = Math.min(waiting.length, 400), body;
  // Now and not when the view began: single-page applications set it after the address.
  page.title ??= document.title.slice(0, 300);
  do {
    const pages = [];
    const events = waiting.slice(0, count).map(([of, event]) => {
      if (!pages.includes(of)) pages.push(of);
      return {...event, page: pages.indexOf(of)};
    });
    body = JSON.stringify({sent_at: Date.now(), version: '1', pages, events, ...visitor()});
  } while (new Blob([body]).size > LIMIT && (count >>= 1));
  return [body, count];
};

const keep = () => {
  holdTimer = 0;
  hold?.abort();
  if (waiting.length) {
    hold = new AbortController();
    fetchLater(endpoint, {method: 'POST', body: pack()[0], signal: hold.signal});
  }
};

/** Sends a batch, or with `leaving` everything, by beacon. */
export const send = (leaving) => {
  clearTimeout(timer);
  timer = 0;
  hold?.abort();
  while (waiting.length && (leaving || !busy)) {
    const [body, count] = pack();
    const batch = waiting.splice(0, count || 1);
    if (!count) continue; // a single event over the limit: nothing will carry it
    if (!leaving) {
      post(body, batch);
    } else if (!navigator.sendBeacon(endpoint, body)) {
      waiting = batch.concat(waiting);
      break;
    }
  }
};

const post = (body, batch) => {
  busy = 1;
  sends++;
  fetch(endpoint, {method: 'POST', body, keepalive: true, credentials: 'omit'})
    .then((answer) => {
      // 429 and 5xx pass with time; any other refusal would be the same the next time.
      if (answer.status == 429 || answer.status > 499) retry(batch, answer.headers.get('retry-after'));
      else failures = 0;
    }, () => retry(batch))
    .finally(guard(() => {
      busy = 0;
      if (waiting.length) timer ||= later(send, sends < 2 ? 900 : 15000);
    }));
};

const retry = (batch, seconds) => {
  waiting = batch.concat(waiting);
  // Spread, so that the visitors of a server that was down do not all come back in the same second.
  timer = ++failures > TRIES ? -1 : later(send, seconds * 1000 || 2000 * 2 ** failures * (1 + Math.random()));
};
