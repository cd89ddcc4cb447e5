/** Who may know whom. The house plan in docs/architecture.md says why; this file says no. */
const only = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })
const npm = (...names) => `node_modules/(${names.join('|')})(/|$)`

module.exports = {
  forbidden: [
    only(
      'no-cycles',
      'A cycle means that two rooms are one.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    only(
      'kit-is-the-floor',
      'nodes/_kit knows zod only.',
      { path: '^nodes/_kit/', pathNot: '(\\.test\\.ts|harness\\.ts)$' },
      { pathNot: ['^nodes/_kit/', npm('zod')] },
    ),
    only(
      'definitions-are-light',
      'node.ts and step.ts load in a browser.',
      {
        path: '^nodes/(pipeline|dialog)/[^/]+/(node|step|[a-z-]+)\\.ts$',
        pathNot: '(\\.test|/run)\\.ts$|^nodes/pipeline/[^/]+/(?!node)',
      },
      { pathNot: ['^nodes/', '^runtime/conditions/', npm('zod', 're2js')] },
    ),
    only(
      'pure-rooms',
      'They run in a browser too and know no block and no registry.',
      { path: '^runtime/(graph|compiler|conversation|conditions)/', pathNot: '\\.test\\.ts$' },
      {
        path: [
          '^nodes/(?!_kit/)',
          '^(server|editor)/',
          '^runtime/(?!graph|compiler|conversation|conditions|language/detect)',
        ],
      },
    ),
    only(
      'pure-rooms-no-node',
      'No node:* in rooms that run in a browser.',
      {
        path: '^(runtime/(graph|compiler|conversation|conditions)|nodes/(_kit|dialog))/',
        pathNot: '(\\.test|harness)\\.ts$',
      },
      { dependencyTypes: ['core'] },
    ),
    only(
      'clusters-are-pure',
      'Groups are found in vectors; only the process that makes them knows encoders and devices.',
      { path: '^runtime/clusters/', pathNot: '(\\.test|/entry|/embed-messages)\\.ts$' },
      { path: ['^(server|editor|nodes)/', '^runtime/(?!clusters/|language/knowledge/terms|training/seeded)'] },
    ),
    only(
      'runners-know-the-trainer-only',
      'A pipeline runner calls language, training and serving.',
      { path: '^nodes/pipeline/[^/]+/run\\.ts$' },
      { path: ['^(server|editor)/', '^runtime/(?!language|training|serving)'] },
    ),
    only(
      'runners-registry',
      'Runners are loaded by the worker and the server only.',
      { pathNot: '^(server/|runtime/worker/entry|runtime/worker/|tests/)' },
      { path: '^nodes/runners\\.gen\\.ts$' },
    ),
    only(
      'runtime-is-alone',
      'What a graph does knows no HTTP, no page and no database.',
      { path: '^runtime/', pathNot: '\\.test\\.ts$' },
      { path: ['^(server|editor)/', npm('hono', '@hono/.*', 'drizzle-orm', 'pg', 'pg-boss', '@electric-sql/.*')] },
    ),
    only(
      'editor-is-light',
      'The editor knows no runner and no heavy room; the server only by its types.',
      { path: '^editor/', pathNot: '\\.test\\.tsx?$' },
      {
        path: [
          '^nodes/runners\\.gen',
          '^nodes/pipeline/[^/]+/run\\.ts$',
          '^runtime/(engine|tensor|language|training|serving|worker|doctor|similar|clusters)/',
          '^server/',
        ],
        dependencyTypesNot: ['type-only'],
      },
    ),
    only(
      'widget-is-alone',
      'The widget is its own bundle.',
      { path: '^editor/widget/', pathNot: '\\.test\\.tsx?$' },
      { path: ['^editor/(?!widget/)', npm('react', 'react-dom', '@xyflow/.*')] },
    ),
    only('xyflow', 'Only the canvas imports React Flow.', { pathNot: '^editor/canvas/' }, { path: npm('@xyflow/.*') }),
    only(
      'xstate',
      'Only compiler, engine and conversation import xstate.',
      { pathNot: '^runtime/(compiler|engine|conversation)/' },
      { path: npm('xstate') },
    ),
    only(
      'tfjs',
      'Only the trainer imports tfjs.',
      { pathNot: '^(runtime/(tensor|language|training)/|tests/)' },
      { path: npm('@tensorflow/.*') },
    ),
    only(
      'onnxruntime',
      'Only tensor and serving import onnxruntime.',
      { pathNot: '^(runtime/(tensor|serving)/|tests/)' },
      { path: npm('onnxruntime-node') },
    ),
    only(
      'database',
      'Only server/db imports a driver of our own store; server/sources reads the databases of others.',
      { pathNot: '^(server/(db|sources)/|tests/)' },
      { path: npm('pg', '@electric-sql/.*', 'drizzle-orm/(pglite|node-postgres)') },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|test-results)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
    combinedDependencies: false,
  },
}
