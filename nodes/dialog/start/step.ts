import { defineStep } from '#kit'
import { start } from './node.ts'

export default defineStep(start, {
  enter: () => ({ leave: 'out' }),
  manners: (config) => ({
    digress: config.digressions ? { words: config.asideWords, back: config.back } : null,
    correct: config.corrections ? { words: config.correctionWords, reply: config.corrected } : null,
    cancel: config.commands ? { words: config.cancelWords, reply: config.cancelled } : null,
    restart: config.commands ? { words: config.restartWords, reply: config.restarted } : null,
    repeat: config.commands ? { words: config.repeatWords, reply: config.repeated } : null,
    person: config.people ? { words: config.personWords } : null,
    handOver: config.person,
    upset: config.anger ? { words: config.upsetWords, reply: config.upset, times: config.upsetTimes } : null,
    silence: {
      remind: config.reminders ? { minutes: config.remindMinutes, say: config.reminder } : null,
      close: config.closing ? { minutes: config.closeMinutes, say: config.closed } : null,
    },
  }),
})
