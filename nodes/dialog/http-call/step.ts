import { type CallSettled, type ConfigOf, defineStep, type SessionView, type StepResult } from '#kit'
import { branchPort, httpCall } from './node.ts'
import { holdsStatus } from './statuses.ts'
import { toRequest } from './to-request.ts'

type Config = ConfigOf<typeof httpCall>

export default defineStep(httpCall, {
  enter(config, session): StepResult {
    const request = toRequest(config, session)
    if (!request) return failed(config, session, 'outbound-address')
    return {
      messages: [[{ type: 'text', text: config.waiting }]],
      effect: { type: 'call', request },
      note: { key: 'http-call.note.sent', params: { method: request.method, host: new URL(request.url).host } },
    }
  },
  resume(config, session, event): StepResult {
    switch (event.type) {
      case 'call.settled':
        return settled(config, session, event)
      case 'call.failed':
        return failed(config, session, event.code)
      default:
        // It asked for nothing else: whoever waits here was brought here by a mistake.
        return failed(config, session, 'outcome-unknown')
    }
  },
})

function settled(config: Config, session: SessionView, { status, picked }: CallSettled): StepResult {
  const branch = config.branches.find(({ statuses }) => holdsStatus(statuses, status))
  const note = { key: 'http-call.note.answered', params: { status } }
  const fine = status >= 200 && status < 300
  if (!branch && !fine) return { ...failed(config, session, ''), note }
  const set: Record<string, unknown> = {}
  // What a good answer does not have is known to be nothing; another answer says nothing of it.
  for (const { pointer, variable } of config.map)
    if (variable !== '' && (fine || Object.hasOwn(picked, pointer))) set[variable] = picked[pointer] ?? null
  return { set, leave: branch ? branchPort(branch.id) : 'out', note }
}

function failed(config: Config, session: SessionView, code: string): StepResult {
  const quiet = session.connected('error')
  return {
    messages: quiet ? [] : [[{ type: 'text', text: config.failed }]],
    leave: 'error',
    note: { key: 'http-call.note.failed', params: { code } },
  }
}
