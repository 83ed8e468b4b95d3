/** Emits `click` for everything clicked, and `frustration` for clicks in anger and clicks that did nothing. */
import {attribute, clean, control, label, matches, pathOf, where} from './dom.js';
import {trackElement} from './custom.js';
import {guard, on} from './guard.js';
import {onLeave, onView} from './lifecycle.js';
import {emit} from './queue.js';

const NEAR = 30, SOON = 1000, DEAD = 2500;

// What people press many times in good faith: steps, slides, players. Signs and class names know no language.
const REPEATED = /[‹›«»←→<>+−–]|^-$|\b(next|prev|plus|minus|increase|decrease)|carousel|slider|swiper|slick|stepper|quantity|paginat|player|הבא|הקודם/i;
const FILLED = 'input,select,textarea,[role=spinbutton],[role=slider],[contenteditable]';
const FILES = /\.(pdf|zip|rar|7z|t?gz|dmg|exe|apk|docx?|xlsx?|pptx?|csv|txt|mp[34]|mov|epub|ics)$/i;

// Clicking these may well do something no script can see.
const OPAQUE = FILLED + ',label,option,canvas,video,audio,iframe,embed,object,html,body';

/** The click before: when, where, and what it is called. */
export let last = {at: -SOON};
let chain, rage, blamed;
let alive, pending = 0, observer;

/** A script failed: if that was just after a click, the click is to be named, once. */
export const blame = () => {
  if (!blamed && performance.now() - last.at <= SOON) {
    blamed = 1;
    emit('frustration', {kind: 'error', ...last.named});
  }
};

const selecting = () => getSelection().type == 'Range';

const repeated = (path, name) => REPEATED.test(name) || path.slice(0, 4).some((element) => matches(element, FILLED)
  || REPEATED.test(attribute(element, 'class')) || REPEATED.test(attribute(element, 'aria-roledescription')));

const inBox = (start, size, at) => Math.round(Math.max(0, Math.min(1, (at - start) / size || 0)) * 32767);

const sign = (event) => {
  if (event?.type != 'selectionchange' || selecting()) alive = performance.now();
};

/** Waits for any sign that the click did something. The observer, which costs, lives only as long. */
const expect = (at, named) => {
  observer ||= new MutationObserver(sign);
  if (!pending++) observer.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
  setTimeout(guard(() => {
    if (!--pending) observer.disconnect();
    if (!(alive >= at)) emit('frustration', {kind: 'dead', ...named});
  }), DEAD);
};

const clicked = (event) => {
  const path = pathOf(event);
  const element = control(path) || path[0];
  // A label's click is followed by one on its field: one act, one event.
  if (!element || !event.isTrusted || event.button > 1 || element.control) return;
  const {timeStamp: at, clientX, clientY} = event;
  const keyboard = !event.detail;
  const named = {element: where(element), label: label(element)};
  const link = path.find((one) => matches(one, 'a[href]'));
  const kind = !link || !/^http/.test(link.protocol) ? ''
    : matches(link, '[download]') || FILES.test(link.pathname) ? 'download'
    : link.host != location.host ? 'outbound' : '';
  const {left, top, width, height} = element.getBoundingClientRect();
  const near = at - last.at < SOON && Math.hypot(clientX - last.x, clientY - last.y) < NEAR;

  emit('click', {
    ...named,
    ...(keyboard ? {keyboard} : {x: inBox(left, width, clientX), y: inBox(top, height, clientY)}),
    ...(kind && {link: kind, to: clean(link)}),
  });
  trackElement(path.find((one) => matches(one, '[data-netiv-event]:not(form)')));

  chain = keyboard || selecting() || repeated(path.slice(path.indexOf(element)), named.label) ? 0 : near ? chain + 1 : 1;
  if (chain == 3) rage = emit('frustration', {kind: 'rage', ...named, clicks: 3});
  if (chain > 3) rage.clicks = chain;
  last = {at, x: clientX, y: clientY, named};
  blamed = 0;

  if (!(link && !/^#|^javascript/i.test(attribute(link, 'href'))) && !path.slice(0, -2).some((one) => matches(one, OPAQUE)) && !selecting()) expect(at, named);
};

export const startClicks = () => on(self, 'click auxclick', clicked);

/** Signs of life, not needed before the first idle moment. */
export const startSigns = () => {
  on(self, 'scroll selectionchange focus blur input change submit toggle play pause copy popstate', sign);
  onView(sign);
  onLeave(sign);
};
