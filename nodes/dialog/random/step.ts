import { defineStep, type StepResult } from '#kit'
import { lotOf } from './lot.ts'
import { branchPort, random } from './node.ts'
import { branchAt, branchName } from './shares.ts'

export default defineStep(random, {
  enter(config, session): StepResult {
    const draws = session.counters.draws ?? 0
    // By the block too: else who got the first branch here would get it at every other such block.
    const lot = lotOf([session.seed, session.node, config.sticky ? 0 : draws].join(' '))
    const branch = branchAt(config.branches, lot)
    // Without a branch there is no way out; the turn goes on as behind a port without a wire.
    if (!branch) return { leave: 'none' }
    const name = branchName(config.branches, branch)
    return {
      ...(config.variable === '' ? {} : { set: { [config.variable]: name } }),
      ...(config.sticky ? {} : { count: { draws: draws + 1 } }),
      leave: branchPort(branch.id),
      note: { key: 'random.note.drawn', params: { name } },
    }
  },
})
