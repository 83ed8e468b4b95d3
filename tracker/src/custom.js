/** Emits `custom`: the owner's own events, by call, by attribute, and on request from a dataLayer. */
import {options} from './config.js';
import {attribute} from './dom.js';
import {guard} from './guard.js';
import {emit} from './queue.js';
import {consent} from './visitor.js';

const DATALAYER = options.netivDatalayer != null;

// GA4's names for e-commerce, and what of their parameters is needed: others may hold anything.
const COMMERCE = /^(view|select|add|remove|begin)_|^(purchase|refund)$/;
// Fits into a batch with all that stands beside it.
const LONGEST = 12000;
const PARAMETERS = ['value', 'currency', 'transaction_id', 'items', 'coupon', 'shipping', 'tax'];

/** Props are copied: a later change to the page's object, or one that is no JSON, harms only this event. */
export const track = (name, props = {}) => {
  const copy = JSON.stringify(props);
  if (copy.length < LONGEST) emit('custom', {name: String(name).slice(0, 100), props: JSON.parse(copy)});
};

/** What the second script says when a variant is seen. */
export const exposure = (experiment, variant) => emit('exposure', {experiment, variant});

/** data-netiv-event names the event, data-netiv-prop-* its properties. */
export const trackElement = (element) => {
  const props = {};
  for (const {name, value} of element.attributes) {
    const key = name.split('data-netiv-prop-')[1];
    if (key) props[key] = value;
  }
  track(attribute(element, 'data-netiv-event'), props);
};

/** One entry of a dataLayer: push({event, ecommerce}) or the arguments of gtag(). */
const read = guard((entry) => {
  const [command, name, values] = entry.event ? ['event', entry.event, entry.ecommerce] : entry;
  const storage = values.analytics_storage;
  if (command == 'consent' && storage) consent({analytics: storage == 'granted'});
  if (command == 'event' && DATALAYER && COMMERCE.test(name)) {
    track(name, Object.fromEntries(PARAMETERS.map((key) => [key, values[key]])));
  }
});

/** Reads what is in the page's dataLayer and what will be pushed. Made only if the owner asked for it. */
export const startDataLayer = () => {
  const layer = self.dataLayer || DATALAYER && (self.dataLayer = []);
  if (!layer) return;
  const {push} = layer;
  layer.map(read);
  layer.push = (...entries) => {
    entries.map(read);
    return push.apply(layer, entries);
  };
};
