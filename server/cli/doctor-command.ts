import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { errorText } from '#kit'
import { devices } from '#runtime/tensor/executors/devices.ts'
import { type SurveyedDevice, surveyDevices } from '#runtime/tensor/executors/survey.ts'
import { parseConfig } from '#server/config.ts'
import { checkMachine, chosenDevice } from './doctor-checks.ts'

type Locale = 'zh-CN' | 'en'

const titles: Record<Locale, Record<string, string>> = {
  'zh-CN': {
    node: 'Node',
    memory: '内存',
    processor: '处理器',
    data: '数据目录',
    models: '模型目录',
    database: '数据库',
    devices: '可以用来训练的设备（实测）',
  },
  en: {
    node: 'Node',
    memory: 'Memory',
    processor: 'Processor',
    data: 'Data folder',
    models: 'Models folder',
    database: 'Database',
    devices: 'What training can run on, measured',
  },
}

/**
 * Looks at the machine, tries each device and says which one training runs on; what was measured is kept for the next training.
 * Answers whether all is well. Throws `config-invalid`.
 */
export async function doctorCommand({ locale, json }: { locale: Locale; json: boolean }): Promise<boolean> {
  const config = parseConfig(process.env)
  const findings = await checkMachine(config, locale)
  const found = await surveyDevices({
    devices,
    threads: Math.max(1, availableParallelism() - 1),
    folder: existsSync(config.dataFolder) ? join(config.dataFolder, 'cache') : undefined,
    wanted: config.device,
    anew: true,
  })
  const chosen = chosenDevice(found, config.device)
  const ok = chosen.ok && findings.every((finding) => finding.ok)
  if (json) {
    console.log(JSON.stringify({ ok, findings, devices: found, chosen: chosen.device?.name ?? null }))
    return ok
  }
  const words = titles[locale]
  for (const { what, ok, says } of findings) console.log(`${ok ? '✓' : '✗'} ${pad(words[what] ?? what)} ${says}`)
  console.log(`\n${words.devices}`)
  for (const device of found) {
    const mark = device !== chosen.device ? '·' : chosen.ok ? '→' : '✗'
    console.log(`${mark} ${pad(device.label)} ${inWords(device, locale)}`)
  }
  return ok
}

function inWords({ absence, gflops }: SurveyedDevice, locale: Locale): string {
  if (absence === null) return gflops === null ? '' : `${gflops.toFixed(0)} GFLOP/s`
  const { message, remedy } = errorText(absence.code, absence.params, locale)
  return `${message} ${remedy}`
}

/** Filled up to a column; a Chinese character takes two places. */
function pad(text: string): string {
  const width = [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 2 : 1), 0)
  return text + ' '.repeat(Math.max(0, 18 - width))
}
