/**
 * Emits `leave` with the engaged time and the deepest scroll, when a page is hidden or left.
 *
 * Engaged: visible, and an act in the last 30 s. So of the time between two acts at most 30 s count.
 */
import {guard, listen, on, soon} from './guard.js';
import {emit} from './queue.js';

const IDLE = 30000;
const REST = 1000;

let last, total, sent;
let deepest, depth;

/** Whether the visitor has done anything yet. */
export let acted;

export const act = (event, now = event ? event.timeStamp : performance.now()) => {
  acted ||= event;
  if (last) total += Math.min(now - last, IDLE);
  last = document.hidden ? 0 : now;
};

/** Engaged milliseconds of this page view up to now. */
export const engaged = () => {
  act();
  return total;
};

/** Reads layout, so only in idle time, or when the page is hidden and nobody waits. */
const measure = () => {
  deepest = Math.max(deepest, scrollY + innerHeight);
  depth = Math.min(100, Math.round(100 * deepest / document.documentElement.scrollHeight)) || 0;
};

const scrolled = soon(measure, 200);

export const resetEngagement = (began) => {
  last = total = sent = deepest = depth = 0;
  act(0, began);
  scrolled();
};

export const reportEngagement = () => {
  if (document.hidden || !depth) measure();
  const engaged_ms = Math.round(engaged() - sent);
  // pagehide and hidden come together: the second says nothing new.
  if (!sent || engaged_ms > 500) {
    sent = total || 1;
    emit('leave', {engaged_ms, scroll: depth});
  }
};

const ACTS = 'pointermove pointerdown keydown wheel scroll'; // a finger that moves scrolls

// One act a second is enough: a moving mouse acts sixty times, and it is the call that costs, not what is done in it.
const acts = guard((event) => {
  act(event);
  listen('remove', ACTS, acts);
  setTimeout(listen, REST, 'add', ACTS, acts);
});

export const startEngagement = () => {
  listen('add', ACTS, acts);
  on('scroll', scrolled);
};
