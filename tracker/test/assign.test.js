/** The browser's assignment against the vectors that Python reads too. */
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import test from 'node:test';
import {bucket, variantFor} from '../src/assign.js';

const golden = JSON.parse(readFileSync(new URL('../../tests/golden/assignment.json', import.meta.url), 'utf8'));

test('every unit has the place it has in Python', () => {
  for (const [seed, unit, place] of [...golden.published, ...golden.buckets]) assert.equal(bucket(seed, unit), place, `${seed} ${unit}`);
});

test('every unit gets the variant it gets in Python', () => {
  for (const {split, unit, variant} of golden.variants) assert.equal(variantFor(split, unit), variant ?? -1, `${split.seed} ${unit}`);
});

test('a thousand units and a unit that is a number are no exception', () => {
  const places = Array.from({length: 1000}, (_, unit) => bucket('short-form', unit));
  assert.deepEqual(places, golden.thousand);
});
