import { parseArgs } from 'node:util'
import { BotloomError, errorText } from '#kit'
import { loadGraph } from './load-graph.ts'

const usage = `botloom run   GRAPH.json [--set BLOCK.FIELD=VALUE ...] [--json] [--data DIR]
botloom chat  GRAPH.json [--set BLOCK.FIELD=VALUE ...] [--data DIR]
botloom check GRAPH.json [--set BLOCK.FIELD=VALUE ...] [--json]
botloom link                                            a new sign-in link for the studio that runs here`

/** 0: done; 1: it could not be done; 2: the words of the command are off. */
process.exitCode = await main()

async function main(): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        set: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
        data: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    const [command, path] = positionals
    if (values.help) {
      console.log(usage)
      return 0
    }
    if (command === 'link') {
      const { linkCommand } = await import('./link-command.ts')
      await linkCommand()
      return 0
    }
    if (!path || (command !== 'run' && command !== 'chat' && command !== 'check')) {
      console.error(usage)
      return 2
    }
    const { registry } = await import('./workbench.ts')
    const document = await loadGraph(path, values.set, registry)
    if (command === 'check') {
      const { checkCommand } = await import('./check-command.ts')
      return checkCommand(document, values) ? 0 : 1
    }
    if (command === 'chat') {
      const { chatCommand } = await import('./chat-command.ts')
      await chatCommand(path, document, values)
      return 0
    }
    const { runCommand } = await import('./run-command.ts')
    await runCommand(path, document, values)
    return 0
  } catch (error) {
    return report(error)
  }
}

function report(error: unknown): number {
  if (error instanceof BotloomError) {
    const locale = (process.env.LC_ALL ?? process.env.LC_MESSAGES ?? process.env.LANG ?? 'en').startsWith('zh')
      ? 'zh-CN'
      : 'en'
    const { message, remedy } = errorText(error.code, error.params, locale)
    console.error(`${message}\n${remedy}\n(${error.code})`)
    return error.code.startsWith('cli-') ? 2 : 1
  }
  if ((error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS')) {
    console.error(`${(error as Error).message}\n\n${usage}`)
    return 2
  }
  console.error(error)
  return 1
}
