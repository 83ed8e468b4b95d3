/** Emits `click` for everything clicked, and `frustration` for clicks in anger and clicks that did nothing. */
import {trackElement} from './custom.js';
import {attribute, clean, control, FILLED, label, matches, pathOf, where} from './dom.js';
import {guard, later, on} from './guard.js';
import {emit} from './queue.js';

const NEAR = 30, SOON = 1000, DEAD = 2500;

// What people press many times in good faith. Signs and class names know no language.
const REPEATED = /[‹›«»←→<>+−–]|^-$|\b(next|prev|plus|minus|in|de)(crease)?\b|carousel|slide|swipe|slick|stepper|quantity|הבא|הקודם/i;
const FILES = /\.(pdf|zip|rar|gz|dmg|exe|apk|docx?|xlsx?|pptx?|csv|ics|mp[34])$/i;

/** The click before: when, where, and what it is called. */
export let last = {at: -SOON};
let chain, rage;
let alive, pending = 0;

/** A script failed: if that was just after a click, the click is to be named, once. */
export const blame = () => {
  if (last.named && performance.now() - last.at <= SOON) emit('frustration', {kind: 'error', ...last.named});
  last.named = 0;
};

const selecting = () => getSelection().type == 'Range';

/** Something happened: no click that waits is dead. */
export const sign = (event) => {
  if (event?.type != 'selectionchange' || selecting()) alive = performance.now();
};

const observer = new MutationObserver(sign);

/** Waits for any sign that the click did something. The observer, which costs, lives only as long. */
const expect = (at, named) => {
  if (!pending++) observer.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
  later(() => {
    if (!--pending) observer.disconnect();
    if (alive < at) emit('frustration', {kind: 'dead', ...named});
  }, DEAD);
};

const share = (at, size) => Math.round(Math.max(0, Math.min(1, at / size || 0)) * 32767);

const clicked = (event) => {
  const path = pathOf(event);
  const element = control(path);
  // A label's click is followed by one on its field: one act, one event.
  if (!element || !event.isTrusted || event.button > 1 || element.control) return;
  const {clientX, clientY} = event;
  const at = performance.now(); // not the event's own time: the focus a press brings is handled later than that
  const keyboard = !event.detail;
  const named = {element: where(element), label: label(element)};
  const box = element.getBoundingClientRect();
  const link = path.find((one) => matches(one, 'a[href]'));
  const kind = !link || !/^http/.test(link.href) ? ''
    : link.download || FILES.test(link.pathname) ? 'download'
    : link.host != location.host ? 'outbound' : '';

  emit('click', {
    ...named,
    keyboard,
    x: keyboard ? undefined : share(clientX - box.left, box.width),
    y: keyboard ? undefined : share(clientY - box.top, box.height),
    link: kind,
    to: kind && clean(link),
  });
  trackElement(path.find((one) => matches(one, '[data-netiv-event]:not(form)')));

  const near = at - last.at < SOON && Math.hypot(clientX - last.x, clientY - last.y) < NEAR;
  const calm = selecting();
  const repeated = REPEATED.test(named.label) || path.slice(0, 4).some((one) => matches(one, FILLED)
    || REPEATED.test(attribute(one, 'class') + attribute(one, 'aria-roledescription')));
  chain = keyboard || calm || repeated ? 0 : near ? chain + 1 : 1;
  if (chain == 3) rage = emit('frustration', {kind: 'rage', ...named, clicks: 3});
  if (chain > 3) rage.clicks = chain;
  last = {at, x: clientX, y: clientY, named};

  // A link may take its time, and a canvas or a film does what no script can see.
  if (path[2] && !calm && !(link && !/^(#|java)/.test(attribute(link, 'href')))
    && !path.some((one) => matches(one, FILLED + ',canvas,video,audio'))) expect(at, named);
};

export const startClicks = () => on('click auxclick', clicked);

/** Signs of life, not needed before the first idle moment. */
export const startSigns = () => on('scroll selectionchange focus blur submit play pause popstate', sign);
