/** Emits `click` for everything clicked, and `frustration` for clicks in anger and clicks that did nothing. */
import {clean} from './address.js';
import {trackElement} from './custom.js';
import {among, control, FILLED, label, pathOf, where} from './dom.js';
import {guard, later, on} from './guard.js';
import {emit} from './queue.js';

const NEAR = 30, SOON = 1000, DEAD = 2500;

// What people press many times in good faith: a label that is only a sign, as + or ›, or one of these in label or class.
// Asked line by line. Letters by their ranges: \p{L} without regard to case took a browser a millisecond to make ready.
const REPEATED = /^[^\w\u0100-\u1fff\u3040-\ud7ff]+$|\b(next|prev|plus|minus|(in|de)crease)|carousel|slide|stepper|quantity|הבא|הקודם/im;
const FILES = /\.(pdf|zip|rar|gz|dmg|exe|apk|docx?|xlsx?|pptx?|csv|ics|mp[34])$/i;

// A canvas or a film does what no script can see, and a link may take its time.
const ALIVE = 'canvas,video,audio,a[href]:not([href^="#"],[href^=java])';

/** The click before: when, where, and what it is called. */
export let last = {};
let chain, rage, timer;
let waiting = []; // clicks that nothing has followed yet: [when, what it is called]

/** A script failed: if that was just after a click, the click is to be named, once. */
export const blame = () => {
  if (last.named && performance.now() - last.at <= SOON) emit('frustration', {kind: 'error', ...last.named});
  last.named = 0;
};

const selecting = () => !getSelection().isCollapsed;

/** Something happened: no click that waits is dead, and until the next one nobody has to watch. */
export const sign = () => {
  if (waiting[0]) {
    waiting = [];
    observer.disconnect();
  }
};

const observer = new MutationObserver(sign);

/** Of the clicks that wait, those that have waited for long enough are dead. */
const judge = () => {
  const due = performance.now() - DEAD;
  timer = 0;
  while (waiting[0]?.[0] <= due) {
    const [, named] = waiting.shift();
    if (!selecting()) emit('frustration', {kind: 'dead', ...named});
  }
  if (waiting[0]) timer = later(judge, waiting[0][0] - due);
};

/** Waits for any sign that the click did something. */
const expect = (...click) => {
  if (!waiting[0]) observer.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
  waiting.push(click);
  timer ||= later(judge, DEAD);
};

const clicked = (event) => {
  const path = pathOf(event);
  const element = control(path);
  // A label's click is followed by one on its field: one act, one event.
  if (!element || !event.isTrusted || event.button > 1 || element.control) return;
  const {clientX: x, clientY: y} = event;
  const at = performance.now(); // not the event's own time: the focus a press brings is handled later than that
  const keyboard = !event.detail;
  const named = {element: where(element), label: label(element)};
  const box = element.getBoundingClientRect();
  const share = (from, size) => keyboard ? undefined : Math.round(Math.max(0, Math.min(1, from / size || 0)) * 32767);
  const link = among(path, 'a[href]');
  const kind = !/^http/.test(link?.href) ? ''
    : link.download || FILES.test(link.pathname) ? 'download'
    : link.host != location.host ? 'outbound' : '';

  emit('click', {
    ...named,
    keyboard,
    x: share(x - box.left, box.width),
    y: share(y - box.top, box.height),
    link: kind,
    to: kind && clean(link),
  });
  const own = among(path, '[data-netiv-event]:not(form)');
  if (own) trackElement(own);

  const filled = among(path, FILLED);
  const near = at - last.at < SOON && Math.hypot(x - last.x, y - last.y) < NEAR;
  const repeated = () => filled || selecting() || REPEATED.test(
    [named.label, ...path.slice(0, 4).map((one) => one.className + one.ariaRoleDescription)].join('\n'));
  chain = keyboard ? 0 : near ? repeated() ? 0 : chain + 1 : 1;
  if (chain == 3) rage = emit('frustration', {kind: 'rage', ...named, clicks: 3});
  if (chain > 3) rage.clicks = chain;
  last = {at, x, y, named};
  if (path[2] && !filled && !among(path, ALIVE)) expect(at, named);
};

export const startClicks = () => on('click auxclick', clicked);

/** Signs of life, not needed before the first idle moment. */
export const startSigns = () => on('scroll focus blur submit play pause popstate', sign);
