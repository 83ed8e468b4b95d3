/**
 * Who may be measured and under which id. Without consent nothing is stored or read in the browser and the
 * batch names nobody; the server tells visitors apart by a hash that changes daily.
 */
import {options} from './config.js';
import {guard} from './guard.js';

const MONTHS_13 = 34186670; // seconds

let id, user, about;

/** A name for a view or a visitor: unguessable enough not to collide, and that is all it must be. */
export const unique = () => Math.random().toString(36).slice(2) + Date.now().toString(36);

/** 'gpc' or 'dnt' if the browser asks not to be measured and the owner has not decided otherwise. */
export const signal = () => options.netivSignals != 'ignore'
  && (navigator.globalPrivacyControl ? 'gpc' : navigator.doNotTrack == 1 && 'dnt');

const cookie = () => document.cookie.match(/(?:^|; )netiv=(\w+)/)?.[1];

/** Analytics true: an id for 13 months, never renewed. False: it is deleted. */
export const consent = ({analytics}) => {
  if (analytics == null) return;
  if (!analytics || !cookie()) {
    document.cookie = `netiv=${unique()}${unique()};path=/;samesite=lax;max-age=` + (analytics ? MONTHS_13 : 0);
  }
  id = analytics ? cookie() : '';
};

export const identify = (name) => {
  user = name && String(name).slice(0, 64);
};

/** The part of a batch that says who. The cookie is read here, in idle time: it stands only after consent. */
export const visitor = () => signal() ? {} : {
  visitor: id ??= guard(cookie)() || '',
  user,
  ...about ||= {language: navigator.language, screen: [screen.width, screen.height, innerWidth, innerHeight]},
};
