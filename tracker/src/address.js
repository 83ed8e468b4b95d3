/** Addresses: the page's own, and what of an address may be told. */
import {options} from './config.js';

const HASH = options.netivHash != null;

/** The page's address, with the fragment only if that is part of it. No address has a space. */
export const current = (href = location.href) => href.split(HASH ? ' ' : '#')[0];

/** An address without its query but for utm_* and that a click id was there: a search is a visitor's words. */
export const clean = (address) => {
  const url = new URL(address, location);
  const kept = url.search.match(/utm_\w+=[^&]*|\w*(c\w?\w?id|braid)=./gi);
  return (url.origin + url.pathname + (kept ? '?' + kept.join('&') : '') + (HASH ? url.hash.split('?')[0] : '')).slice(0, 999);
};
