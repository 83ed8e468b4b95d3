/**
 * Who may be measured and under which id. Without consent nothing is stored in the browser and the batch
 * names nobody; the server tells visitors apart by a hash that changes daily.
 */
import {options} from './config.js';
import {guard} from './guard.js';

const MONTHS_13 = 34186670; // seconds

let id, user;

/** A name for a view or a visitor that no other has. */
export const unique = () => (Math.random() + '').slice(2) + Date.now();

/** 'gpc' or 'dnt' if the browser asks not to be measured and the owner has not decided otherwise. */
export const signal = () => options.netivSignals != 'ignore'
  && (navigator.globalPrivacyControl ? 'gpc' : navigator.doNotTrack == 1 && 'dnt');

const cookie = guard(() => document.cookie.match(/\bnetiv=(\w+)/)[1]);

/** Analytics true: an id for 13 months, never renewed. False: it is deleted. Anything else changes nothing. */
export const consent = ({analytics}) => {
  if (analytics == null) return;
  if (!analytics || !cookie()) {
    document.cookie = `netiv=${unique() + unique()};path=/;samesite=lax;max-age=` + (analytics ? MONTHS_13 : 0);
  }
  id = null; // to be read again
};

export const identify = (name) => {
  user = String(name || '').slice(0, 64);
};

/** The part of a batch that says who. The cookie stands only after consent, and is read in idle time. */
export const visitor = () => signal() ? {} : {
  visitor: id ??= cookie() || '',
  user,
  language: navigator.language,
  screen: [screen.width, screen.height, innerWidth, innerHeight],
};
