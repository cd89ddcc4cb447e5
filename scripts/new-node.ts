/** `npm run new:node -- pipeline|dialog <type>`: a new block's folder, whole and with tests that say what is still to write. */
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'

const [family, type] = process.argv.slice(2)
if ((family !== 'pipeline' && family !== 'dialog') || !type || !/^[a-z][a-z0-9-]*$/.test(type)) {
  console.error('usage: npm run new:node -- pipeline|dialog type-in-kebab-case')
  process.exit(2)
}
const folder = new URL(`../nodes/${family}/${type}/`, import.meta.url)
if (existsSync(folder)) {
  console.error(`nodes/${family}/${type} exists already`)
  process.exit(2)
}
const name = type.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
const pipeline = family === 'pipeline'
const texts = (title: string, port: string) => ({
  name: title,
  description: title,
  help: `${title}.`,
  example: title,
  'port.in': port,
  ...(pipeline ? { 'port.data': port } : { 'port.out': port }),
})

const files: Record<string, string> = {
  'node.ts': `import { defineNode, port } from '#kit'
import { z } from 'zod'

export const ${name} = defineNode({
  type: '${type}',
  version: 1,
  family: '${family}',
  runsOn: '${pipeline ? 'worker' : 'conversation'}',
  hue: '${pipeline ? 'data' : 'logic'}',
  icon: 'block',
  config: z.object({}),
  inputs: { in: port('${pipeline ? 'dataset' : 'flow'}') },
  outputs: { ${pipeline ? "data: port('dataset')" : "out: port('flow')"} },
})
`,
  'node.test.ts': `import { describeBlock } from '#kit/harness.ts'
import { ${name} } from './node.ts'

describeBlock(${name}, import.meta.url)
`,
  'en.json': `${JSON.stringify(texts(type, 'in'), null, 2)}\n`,
  'zh-CN.json': `${JSON.stringify(texts(type, 'in'), null, 2)}\n`,
  ...(pipeline
    ? {
        'run.ts': `import { defineRunner } from '#kit'
import { ${name} } from './node.ts'

export default defineRunner(${name}, async ({ inputs, ctx }) => {
  const rows = await ctx.datasets.read(inputs.in)
  return { data: await ctx.datasets.write(rows, inputs.in.labels) }
})
`,
      }
    : {
        'step.ts': `import { defineStep } from '#kit'
import { ${name} } from './node.ts'

export default defineStep(${name}, { enter: () => ({ leave: 'out' }) })
`,
      }),
}
await mkdir(folder, { recursive: true })
for (const [file, text] of Object.entries(files)) await writeFile(new URL(file, folder), text)
console.log(`nodes/${family}/${type} made; now run npm run gen`)
