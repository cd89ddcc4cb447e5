#!/usr/bin/env node
/**
 * `npm test`: everything, from a fresh clone. Installs what is missing, then checks style, types, boundaries and registries,
 * runs the tests on each database that this machine has, builds, and drives the product in a real browser.
 */
import { existsSync } from 'node:fs'
import { build, install, runCommand } from './start/commands.mjs'
import { isBuilt, isInstalled, markBuilt } from './start/sources.mjs'

const only = process.argv[2]
const bin = (name) => `node_modules/.bin/${name}${process.platform === 'win32' ? '.cmd' : ''}`

const stages = {
  install: async () => {
    if (!isInstalled()) await install()
  },
  style: () => runCommand(bin('biome'), ['ci', '--error-on-warnings']),
  registries: () => runCommand(bin('tsx'), ['scripts/gen.ts', '--check']),
  types: () => runCommand(bin('tsc'), ['--noEmit', '-p', '.']),
  boundaries: () =>
    runCommand(bin('depcruise'), [
      'editor',
      'server',
      'nodes',
      'runtime',
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'err',
    ]),
  unused: () => runCommand(bin('knip'), []),
  unit: () => runCommand(bin('vitest'), ['run']),
  build: async () => {
    if (isBuilt()) return
    await build()
    markBuilt()
  },
  browser: async () => {
    await runCommand(process.execPath, ['scripts/browser.mjs'])
    await runCommand(bin('playwright'), ['test'])
  },
}

if (!existsSync('package.json')) throw new Error('run it in the root of the project')
for (const [name, stage] of Object.entries(stages)) {
  if (only && only !== name) continue
  const start = Date.now()
  console.log(`\n── ${name}`)
  try {
    await stage()
  } catch (error) {
    console.error(error.message)
    console.error(`\n✗ ${name} failed after ${((Date.now() - start) / 1000).toFixed(0)} s`)
    process.exit(1)
  }
  console.log(`✓ ${name} ${((Date.now() - start) / 1000).toFixed(0)} s`)
}
console.log('\nAll passed.')
