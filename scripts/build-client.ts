import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import ts from 'typescript'
import { build } from 'vite'
import { projectRoot } from '#runtime/project-root.ts'

/** Builds the package `botloom-client` into a folder: the client as modules, the widget for who bundles their page, types of both. */
export async function buildClient(folder = join(projectRoot, 'dist', 'client')): Promise<void> {
  const source = join(projectRoot, 'editor', 'widget')
  await rm(folder, { recursive: true, force: true })
  const program = ts.createProgram([join(source, 'client', 'client.ts')], {
    ...{
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      strict: true,
      declaration: true,
      skipLibCheck: true,
    },
    ...{
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    },
    ...{
      rewriteRelativeImportExtensions: true,
      verbatimModuleSyntax: true,
      types: [],
      rootDir: source,
      outDir: folder,
    },
  })
  const { emitSkipped, diagnostics } = program.emit()
  const faults = [...ts.getPreEmitDiagnostics(program), ...diagnostics]
  if (emitSkipped || faults.length > 0)
    throw new Error(
      ts.formatDiagnostics(faults, {
        getCanonicalFileName: (name) => name,
        getCurrentDirectory: () => projectRoot,
        getNewLine: () => '\n',
      }),
    )
  // Types name their neighbours as the sources do; whoever installs the package has no sources.
  const client = join(folder, 'client')
  for (const name of await readdir(client)) {
    if (!name.endsWith('.d.ts')) continue
    const text = await readFile(join(client, name), 'utf8')
    await writeFile(join(client, name), text.replace(/(from '\.\/[\w-]+)\.ts'/g, "$1.js'"))
  }
  await build({
    root: projectRoot,
    configFile: join(projectRoot, 'vite.widget.config.ts'),
    logLevel: 'error',
    build: {
      outDir: join(folder, 'widget'),
      emptyOutDir: true,
      // An application's entry exports nothing; a package's does. Its parts may use the entry's own code.
      rolldownOptions: { preserveEntrySignatures: 'allow-extension' },
    },
  })
  const control = await readFile(join(source, 'control.ts'), 'utf8')
  await mkdir(join(folder, 'widget'), { recursive: true })
  await writeFile(
    join(folder, 'widget', 'launcher.d.ts'),
    `${control}\n/** Puts the chat into the page. */\nexport declare function createWidget(options: WidgetOptions): BotloomControl\n`,
  )
  for (const name of ['package.json', 'README.md', 'README.zh-CN.md'])
    await cp(join(source, 'package', name), join(folder, name))
}

if (process.argv[1]?.endsWith('build-client.ts')) await buildClient()
