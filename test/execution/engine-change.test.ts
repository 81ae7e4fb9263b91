import { expect, test } from 'vitest';
import { refusalOf } from '../../server/execution/trainer-process.js';

test('another engine is refused by name, with the flags that bring back the one of before', () => {
  expect(refusalOf({ engine: 'native/tensor', kernels: 'aaa' }, { engine: 'wasm', kernels: 'bbb' })).toBe(
    'the run was trained on the engine native/tensor, and this is wasm, whose numbers differ in their last bits; start the server with --engine native --ops tensor, or with --allow-engine-change',
  );
});

test('so is another build of the kernels, both named; one that was not noted is taken for the same', () => {
  expect(refusalOf({ engine: 'wasm', kernels: 'aaa' }, { engine: 'wasm', kernels: 'bbb' })).toBe(
    "the run was trained with the kernels aaa, and this version's are bbb, whose numbers differ in their last bits; go on with the version of before, or start the server with --allow-engine-change",
  );
  expect(refusalOf({ engine: 'wasm', kernels: 'aaa' }, { engine: 'wasm', kernels: 'aaa' })).toBeNull();
  expect(refusalOf({ engine: 'wasm' }, { engine: 'wasm', kernels: 'bbb' })).toBeNull();
});
