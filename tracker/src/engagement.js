/**
 * Emits `leave` with the engaged time and the deepest scroll, when a page is hidden or left.
 *
 * Engaged: visible, and an act in the last 30 s. So of the time between two acts at most 30 s count.
 */
import {on, soon} from './guard.js';
import {emit} from './queue.js';

const IDLE = 30000;

let last, total, sent;
let deepest, depth;

/** Whether the visitor has done anything yet. */
export let acted;

export const act = (event) => {
  acted ||= event;
  const now = event ? event.timeStamp : performance.now();
  if (event && now - last < 500) return; // a moving mouse acts sixty times a second
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

export const resetEngagement = () => {
  last = total = sent = deepest = depth = 0;
  act();
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

export const startEngagement = () => {
  on('pointermove pointerdown keydown wheel scroll', act); // a finger that moves scrolls
  on('scroll', scrolled);
};
