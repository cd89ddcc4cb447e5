import { randomUUID } from 'node:crypto'
import { access, constants, readFile, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, freemem, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { BotloomError, errorText } from '#kit'
import type { SurveyedDevice } from '#runtime/tensor/executors/survey.ts'
import type { Config } from '#server/config.ts'
import { checkDatabase } from '#server/db/check-database.ts'

/** One thing that was looked at. `ok` false: Botloom cannot work like this. */
export interface Finding {
  what: 'node' | 'memory' | 'processor' | 'data' | 'models' | 'database'
  ok: boolean
  says: string
}

type Locale = 'zh-CN' | 'en'
const inWords = (locale: Locale, zh: string, en: string): string => (locale === 'zh-CN' ? zh : en)
const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`

/** What the processor knows that makes training and int8 fast, in the order of their age. */
const speedFlags: [flag: RegExp, name: string][] = [
  [/\bavx2\b/, 'AVX2'],
  [/\bavx512f\b/, 'AVX-512'],
  [/\bavx(?:512)?_vnni\b/, 'VNNI'],
  [/\bamx_int8\b/, 'AMX'],
  [/\basimd\b/, 'NEON'],
  [/\basimddp\b/, 'DOT'],
  [/\bi8mm\b/, 'I8MM'],
]

/** Names of what `flags`, a line of /proc/cpuinfo, has. */
export const namedFlags = (flags: string): string[] =>
  speedFlags.filter(([flag]) => flag.test(flags)).map(([, name]) => name)

/** Node, memory, processor, folders and database of this machine. */
export async function checkMachine(config: Config, locale: Locale): Promise<Finding[]> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const enough = major > 20 || (major === 20 && minor >= 19)
  const cpuinfo = await readFile('/proc/cpuinfo', 'utf8').catch(() => '')
  const flags = namedFlags(/^(?:flags|Features)\s*:.*$/m.exec(cpuinfo)?.[0] ?? '')
  const cores = availableParallelism()
  return [
    {
      what: 'node',
      ok: enough,
      says: `${process.version}${enough ? '' : inWords(locale, '，需要 20.19 或更高版本', '; 20.19 or later is needed')}`,
    },
    {
      what: 'memory',
      ok: true,
      says: inWords(
        locale,
        `共 ${gigabytes(totalmem())}，空闲 ${gigabytes(freemem())}`,
        `${gigabytes(totalmem())}, ${gigabytes(freemem())} of it free`,
      ),
    },
    {
      what: 'processor',
      ok: true,
      says: [
        cpus()[0]?.model.trim() ?? process.arch,
        inWords(locale, `${cores} 核`, `${cores} ${cores === 1 ? 'core' : 'cores'}`),
        ...flags,
      ].join(', '),
    },
    await checkFolder('data', config.dataFolder, locale),
    await checkFolder('models', config.modelsFolder, locale),
    await lookAtDatabase(config, locale),
  ]
}

/** Whether the folder, or the nearest one above it that there is, can be written. */
async function checkFolder(what: 'data' | 'models', folder: string, locale: Locale): Promise<Finding> {
  let place = folder
  while (!(await exists(place)) && dirname(place) !== place) place = dirname(place)
  const probe = join(place, `.botloom-${randomUUID()}`)
  try {
    if (place === folder) {
      await writeFile(probe, '')
      await rm(probe)
    } else await access(place, constants.W_OK)
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error)
    return {
      what,
      ok: false,
      says: inWords(locale, `${folder} 不能写入（${reason}）`, `${folder} cannot be written (${reason})`),
    }
  }
  const says =
    place === folder
      ? inWords(locale, `${folder} 可以写入`, `${folder} can be written`)
      : inWords(locale, `${folder} 还没有，需要时会建立`, `${folder} is not there yet and is made when it is needed`)
  return { what, ok: true, says }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

async function lookAtDatabase(config: Config, locale: Locale): Promise<Finding> {
  const kind = config.databaseUrl ? 'PostgreSQL' : inWords(locale, '内置', 'embedded')
  try {
    const state = await checkDatabase(config)
    const words = {
      answers: inWords(locale, '正常', 'answers'),
      held: inWords(locale, '正被运行中的 Botloom 使用', 'in use by the Botloom that runs now'),
      absent: inWords(locale, '还没有，第一次启动时建立', 'is made by the first start'),
    }
    return { what: 'database', ok: true, says: inWords(locale, `${kind}：${words[state]}`, `${kind}, ${words[state]}`) }
  } catch (error) {
    if (!(error instanceof BotloomError)) throw error
    const { message, remedy } = errorText(error.code, error.params, locale)
    return { what: 'database', ok: false, says: `${message} ${remedy}` }
  }
}

/** The device that training runs on, and whether it is what was asked for. */
export function chosenDevice(
  found: readonly SurveyedDevice[],
  wanted: Config['device'],
): { device: SurveyedDevice | undefined; ok: boolean } {
  const set = found.find(({ name }) => name === wanted)
  if (set) return { device: set, ok: set.absence === null }
  const device = found.find(({ absence }) => absence === null)
  return { device, ok: device !== undefined }
}
