// What the linter asks beyond the compiler: nothing floats (promises, observables), types say what they are for.
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import lit from 'eslint-plugin-lit';
import rxjs from 'eslint-plugin-rxjs-x';
import tseslint from 'typescript-eslint';

const typed = ['shared/**/*.ts', 'server/**/*.ts', 'client/**/*.ts', 'test/**/*.ts'];
const untyped = ['**/*.js', '**/*.cjs', '*.config.ts', 'client/vite.config.ts'];

export default defineConfig(
  globalIgnores([
    'dist/',
    'data/',
    'test/fixtures/golden/',
    'test/.output/',
    // AssemblyScript: its operators and types are not TypeScript's; its own compiler checks it.
    'server/experiments/attention-cv/kernels/assembly/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: typed,
    ignores: untyped,
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/consistent-type-definitions': 'off',
      // Keys of an index signature are data, not names: either spelling may read better.
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      // `||` where an empty text or a zero is as good as none, `??` where only absence is.
      '@typescript-eslint/prefer-nullish-coalescing': [
        'error',
        { ignorePrimitives: { string: true, number: true, boolean: true } },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // With noUncheckedIndexedAccess every element of a typed array is `number | undefined`: the numerics read
      // indices that their loops bound, and `!` says so without a cost.
      '@typescript-eslint/no-non-null-assertion': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use a union of literals: types must be erasable.' },
      ],
    },
  },
  {
    files: ['server/**/*.ts', 'client/**/*.ts'],
    ignores: untyped,
    extends: [rxjs.configs.recommended],
    rules: {
      'rxjs-x/no-floating-observables': 'error',
      'rxjs-x/no-exposed-subjects': 'error',
      'rxjs-x/no-misused-observables': 'error',
      'rxjs-x/no-sharereplay': ['error', { allowConfig: true }],
    },
  },
  {
    files: ['client/**/*.ts'],
    ignores: untyped,
    extends: [lit.configs['flat/recommended']],
    // uPlot declares its scale kinds as enums without values to assign from.
    rules: { '@typescript-eslint/no-unsafe-enum-assignment': 'off' },
  },
  {
    files: ['server/**/*.ts'],
    rules: {
      'no-console': 'error',
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      // Marble diagrams are taken apart letter by letter.
      '@typescript-eslint/no-misused-spread': 'off',
      // `readGolden<T>(name): T` says what a file holds.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // Matchers inside an expected value, as in `{ id: expect.any(String) }`, are `any`.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: untyped,
    extends: [tseslint.configs.base],
    languageOptions: { globals: globals.node },
    rules: { 'no-undef': 'error', 'no-unused-vars': 'error', eqeqeq: 'error' },
  },
);
