import { z } from 'zod'
import { defineNode, type LocalText, localText, port } from '#kit'
import { checkText } from '#kit/text-checks.ts'
import { phrases, replies } from './words.ts'

/** A switch of one manner. Bots from before it keep it off. */
const manner = (name: string, group: string) =>
  z
    .boolean()
    .default(true)
    .meta({ title: `start.${name}`, ui: { widget: 'switch', group, where: 'main' } })
/** A text is shown where one of the named switches is on. */
const text = (name: string, group: string, words: LocalText, shown: string[], advanced = false) =>
  localText.default(words).meta({
    title: `start.${name}`,
    ui: {
      widget: 'local-text',
      group,
      where: 'main',
      when: shown.map((name) => ({ [name]: [true] })),
      ...(advanced ? { advanced } : {}),
    },
  })
const minutes = (name: string, fallback: number, shown: string) =>
  z
    .number()
    .int()
    .min(1)
    .max(1440)
    .default(fallback)
    .meta({
      title: `start.${name}`,
      ui: { widget: 'number', group: 'silence', where: 'main', unit: 'unit.minutes', when: { [shown]: [true] } },
    })

/** Where every conversation begins; one a dialog. The main dialog's says how the bot behaves whatever it talks about. */
export const start = defineNode({
  type: 'start',
  version: 2,
  family: 'dialog',
  runsOn: 'conversation',
  hue: 'talk',
  icon: 'start',
  config: z.object({
    digressions: manner('digressions', 'manners'),
    back: text('back', 'manners', replies.back, ['digressions']),
    asideWords: text('asideWords', 'manners', phrases.aside, ['digressions'], true),
    corrections: manner('corrections', 'manners'),
    corrected: text('corrected', 'manners', replies.corrected, ['corrections']),
    correctionWords: text('correctionWords', 'manners', phrases.correction, ['corrections'], true),
    commands: manner('commands', 'commands'),
    cancelled: text('cancelled', 'commands', replies.cancelled, ['commands']),
    cancelWords: text('cancelWords', 'commands', phrases.cancel, ['commands'], true),
    restarted: text('restarted', 'commands', replies.restarted, ['commands']),
    restartWords: text('restartWords', 'commands', phrases.restart, ['commands'], true),
    repeated: text('repeated', 'commands', replies.repeated, ['commands'], true),
    repeatWords: text('repeatWords', 'commands', phrases.repeat, ['commands'], true),
    people: manner('people', 'people'),

    personWords: text('personWords', 'people', phrases.person, ['people'], true),
    anger: manner('anger', 'people'),
    upsetTimes: z
      .number()
      .int()
      .min(1)
      .max(10)
      .default(2)
      .meta({
        title: 'start.upsetTimes',
        ui: { widget: 'slider', group: 'people', where: 'main', unit: 'unit.times', step: 1, when: { anger: [true] } },
      }),
    upset: text('upset', 'people', replies.upset, ['anger']),
    person: text('person', 'people', replies.person, ['people', 'anger']),
    upsetWords: text('upsetWords', 'people', phrases.upset, ['anger'], true),
    reminders: manner('reminders', 'silence'),
    remindMinutes: minutes('remindMinutes', 5, 'reminders'),
    reminder: text('reminder', 'silence', replies.reminder, ['reminders']),
    closing: manner('closing', 'silence'),
    closeMinutes: minutes('closeMinutes', 30, 'closing'),
    closed: text('closed', 'silence', replies.closed, ['closing']),
  }),
  inputs: {},
  outputs: { out: port('flow') },
  single: true,
  // Bots from before these settings go on as they did.
  migrations: {
    2: (config) => ({
      digressions: false,
      corrections: false,
      commands: false,
      people: false,
      anger: false,
      reminders: false,
      closing: false,
      ...config,
    }),
  },
  summary: () => ({ key: 'summary' }),
  check: (config, view) => [
    ...(config.digressions ? checkText('back', config.back, view, { optional: true }) : []),
    ...(config.corrections ? checkText('corrected', config.corrected, view, { optional: true }) : []),
    ...(config.commands
      ? (['cancelled', 'restarted', 'repeated'] as const).flatMap((field) =>
          checkText(field, config[field], view, { optional: true }),
        )
      : []),
    ...(config.people || config.anger ? checkText('person', config.person, view, { severity: 'warning' }) : []),
    ...(config.anger ? checkText('upset', config.upset, view, { severity: 'warning' }) : []),
    ...(config.reminders ? checkText('reminder', config.reminder, view, { severity: 'warning' }) : []),
    ...(config.closing ? checkText('closed', config.closed, view, { optional: true }) : []),
  ],
})
