import { parseArgs } from 'node:util'
import { BotloomError, toFailure } from '#kit'
import { learnNodes } from '#runtime/graph/topology.ts'
import { machineLocale } from '#server/observability/machine-locale.ts'
import { loadGraph } from './load-graph.ts'

const locale = machineLocale()
const usage = `botloom run   GRAPH.json [--set BLOCK.FIELD=VALUE ...] [--json] [--data DIR]
botloom chat  GRAPH.json [--set BLOCK.FIELD=VALUE ...] [--data DIR]
botloom check GRAPH.json [--set BLOCK.FIELD=VALUE ...] [--json]
botloom link                                            ${
  locale === 'zh-CN' ? '为本机运行的工作室生成新的登录链接' : 'a new sign-in link for the studio that runs here'
}
botloom insights rebuild                                ${
  locale === 'zh-CN' ? '从保存的会话重新统计全部数据' : 'counts all stored conversations anew'
}
botloom doctor [--json]                                 ${
  locale === 'zh-CN' ? '检查这台机器，并说明训练用哪个设备' : 'looks at this machine and says what training runs on'
}`

// Whoever reads may have seen enough (`botloom check GRAPH.json | head`); the command is done and ends all the same.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })

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
    if (command === 'insights' && path === 'rebuild') {
      const { insightsCommand } = await import('./insights-command.ts')
      await insightsCommand(locale)
      return 0
    }
    if (command === 'doctor') {
      const { doctorCommand } = await import('./doctor-command.ts')
      return (await doctorCommand({ locale, json: values.json })) ? 0 : 1
    }
    if (!path || (command !== 'run' && command !== 'chat' && command !== 'check'))
      throw new BotloomError('cli-no-command', { usage })
    const { registry } = await import('./registry.ts')
    const document = await loadGraph(path, values.set, registry)
    if (command === 'check') {
      const { checkCommand } = await import('./check-command.ts')
      await checkCommand(path, document, { ...values, locale })
      return 0
    }
    if (command === 'run' || learnNodes(document, registry).length > 0) {
      const { refuseToRun } = await import('./refuse-to-run.ts')
      await refuseToRun(document, { ...values, locale })
    }
    if (command === 'chat') {
      const { chatCommand } = await import('./chat-command.ts')
      await chatCommand(path, document, values)
    } else {
      const { runCommand } = await import('./run-command.ts')
      await runCommand(path, document, values)
    }
    return 0
  } catch (error) {
    return report(error)
  }
}

function report(error: unknown): number {
  const { code, message, remedy } = toFailure(toKnown(error), locale)
  console.error(`${message}\n${remedy}\n(${code})`)
  // Where it broke is for whoever looks for the fault, not for whoever met it.
  if (code === 'unexpected' && process.env.BOTLOOM_LOG) console.error(error)
  return code.startsWith('cli-') ? 2 : 1
}

function toKnown(error: unknown): unknown {
  const { code, message } = error instanceof Error ? (error as NodeJS.ErrnoException) : { code: '', message: '' }
  if (!code?.startsWith('ERR_PARSE_ARGS')) return error
  return new BotloomError('cli-unknown-option', { option: /'(-[^'\s]*)/.exec(message)?.[1] ?? '', usage })
}
