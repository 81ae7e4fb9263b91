/**
 * One direction of imports. In the server: main → commands, app → api → service → scheduling → runs → execution, store →
 * experiments, formats. On the page: main, app → features of runs and experiments → runs → experiments' interface →
 * charts → ui → data. A folder knows what stands below it, never what uses it.
 */

/** Folders and files of the server, from the top to the bottom; those of one row stand side by side. */
const layers = [
  ['main\\.ts'],
  ['commands/', 'app\\.ts'],
  ['api/'],
  ['service/'],
  ['scheduling/'],
  ['runs/'],
  ['execution/', 'store/'],
  ['checkpoints/'],
  ['experiments/', 'formats/', 'access/'],
];
/** The same of the page. What only one feature has stands in its folder; what several have, in `runs/` itself. */
const features = ['table', 'view', 'compare', 'trajectories'].map((name) => `runs/${name}/`);
const pageLayers = [
  ['main\\.ts', 'app/'],
  ['experiments/registry\\.ts'],
  ['experiments/attention-cv/', ...features],
  ['runs/[^/]+\\.ts'],
  ['experiments/[^/]+\\.ts'],
  ['charts/'],
  ['ui/'],
  ['data/'],
];
const inServer = (parts) => `^server/(${parts.join('|')})`;
const inPage = (parts) => `^client/(${parts.join('|')})`;
/** The trainer's state and messages: a seam that says only what is sent, so those below may name it too. */
const messages = '^server/execution/messages\\.ts$';

const upward = layers.slice(1).map((row, index) => ({
  name: `not-upward-from-${row.map((part) => part.replace(/\W*(ts)?$/, '')).join('-and-')}`,
  comment: 'A layer does not know what uses it.',
  severity: 'error',
  from: { path: inServer(row) },
  to: { path: inServer(layers.slice(0, index + 1).flat()), pathNot: messages },
}));

const pageUpward = pageLayers.slice(1).map((row, index) => ({
  name: `page-not-upward-from-${row[0].replace(/\W.*$/, '')}-${index + 1}`,
  comment: 'A folder of the page does not know what uses it.',
  severity: 'error',
  from: { path: inPage(row), ...(index === 3 && { pathNot: inPage(pageLayers[1]) }) },
  to: { path: inPage(pageLayers.slice(0, index + 1).flat()) },
}));

module.exports = {
  forbidden: [
    ...upward,
    ...pageUpward,
    {
      name: 'tensorboard-by-the-front-door',
      comment: 'What reads event files is a program like others: it writes runs as they do, and knows no more of them.',
      severity: 'error',
      from: { path: '^server/tensorboard/' },
      to: { path: '^server/', pathNot: ['^server/(tensorboard|external|access)/', '^server/[^/]+\\.ts$'] },
    },
    {
      name: 'tensorboard-for-commands-alone',
      comment: 'It is one of the ways in, and nothing within needs it.',
      severity: 'error',
      from: { path: '^server/', pathNot: '^server/(tensorboard|commands)/' },
      to: { path: '^server/tensorboard/' },
    },
    {
      name: 'features-apart',
      comment: 'What two features of the page need stands in runs/, charts/ or ui/.',
      severity: 'error',
      from: { path: '^client/(runs|experiments)/([^/]+)/' },
      to: { path: '^client/runs/[^/]+/', pathNot: '^client/$1/$2/' },
    },
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one file, or lack a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'experiment-by-the-registry-alone',
      comment: 'What only one experiment knows, nothing else asks for.',
      severity: 'error',
      from: {
        path: '^(server|shared)/',
        pathNot: ['/experiments/attention-cv/', '^server/experiments/registry\\.ts$'],
      },
      to: { path: '^(server|shared)/experiments/attention-cv/' },
    },
    {
      name: 'execution-and-store-apart',
      comment: 'Trainers know no runs but their own and the store trains nothing; the sweep joins them.',
      severity: 'error',
      from: { path: '^server/(execution|store)/' },
      to: { path: '^server/(execution|store)/', pathNot: ['^server/$1/', messages] },
    },
    {
      name: 'shared-is-pure',
      comment: 'What both sides speak runs on both sides: zod alone besides itself.',
      severity: 'error',
      from: { path: '^shared/' },
      to: { pathNot: ['^shared/', '^node_modules/zod/'] },
    },
    {
      name: 'geometry-stands-alone',
      comment: 'What a matrix says is mathematics: it knows neither runs nor series, and no package.',
      severity: 'error',
      from: { path: '^shared/geometry/' },
      to: { pathNot: '^shared/geometry/' },
    },
    {
      name: 'catalogue-without-numerics',
      comment: 'The page lists the metrics and measures none.',
      severity: 'error',
      from: { path: '^shared/geometry/catalogue\\.ts$' },
      to: {},
    },
    {
      name: 'page-without-experiments',
      comment: 'The page asks for what an experiment tells of itself; the registry alone knows one by name.',
      severity: 'error',
      from: { path: '^client/', pathNot: ['^client/experiments/attention-cv/', '^client/experiments/registry\\.ts$'] },
      to: { path: '^(client|shared)/experiments/attention-cv/' },
    },
    {
      name: 'client-without-server',
      severity: 'error',
      from: { path: '^client/' },
      to: { path: '^(server|test)/' },
    },
    {
      name: 'client-without-node',
      severity: 'error',
      from: { path: '^client/', pathNot: '^client/vite\\.config\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'server-without-client',
      severity: 'error',
      from: { path: '^server/' },
      to: { path: '^(client|test)/' },
    },
    {
      name: 'tensorflow-in-its-place',
      comment: 'One way to products of matrices: everything else asks the engine.',
      severity: 'error',
      from: { path: '^(shared|server|client)/', pathNot: '^server/experiments/' },
      to: { path: 'node_modules/@tensorflow/' },
    },
    {
      name: 'kernels-know-shared-alone',
      severity: 'error',
      from: { path: '^server/experiments/attention-cv/kernels/' },
      to: { path: '^server/', pathNot: '^server/experiments/attention-cv/kernels/' },
    },
    {
      name: 'no-development-packages-in-the-package',
      comment: 'The packed server runs with the dependencies alone; what builds it is not packed.',
      severity: 'error',
      from: { path: '^(shared|server)/', pathNot: '^server/(build|emit|wheel)\\.js$' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      // The optional engine is not installed everywhere; the kernels are built.
      to: { couldNotResolve: true, pathNot: ['^@tensorflow/tfjs-node', '\\.wasm'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '^server/experiments/attention-cv/kernels/assembly/'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
