import type { Logger } from 'pino'
import { BotloomError } from '#kit'
import type { FindingKind, FixWay, RowFix } from '#runtime/doctor/finding.ts'
import type { CaseView, CheckView, FixAnswer } from '#server/api/dto.ts'
import { breath } from '../breath.ts'
import { createKeyedMutex } from '../keyed-mutex.ts'
import type { SetStore } from '../set-store.ts'
import type { CheckStore } from './check-store.ts'
import { runDoctor } from './run-doctor.ts'

/** Rows of one read and one message: a part that holds up nothing else. */
const partSize = 250

interface Running {
  hash: string
  share: number
  since: number
  stop: AbortController
}

export type SetDoctor = ReturnType<typeof createSetDoctor>

/** Checks sets, one at a time, keeps what was found, and mends what a person picks. */
export function createSetDoctor(deps: { sets: SetStore; checks: CheckStore; log: Logger }) {
  const { sets, checks, log } = deps
  const running = new Map<string, Running>()
  /** Contents whose check came to nothing, until it is asked for again. */
  const failed = new Map<string, string>()
  const oneAtATime = createKeyedMutex()

  async function view(workspace: string, set: string): Promise<CheckView> {
    const hash = await sets.namedHash(workspace, set)
    const known = await checks.find(workspace, set, hash)
    if (known) {
      const { seconds, checkedAt, rows } = known
      const findings = known.findings.map((one) => ({ ...one, kind: one.kind as FindingKind }))
      return {
        hash,
        state: 'done',
        share: 1,
        secondsLeft: null,
        check: { seconds, checkedAt: checkedAt.toISOString(), rows, findings },
      }
    }
    const now = running.get(set)
    if (now?.hash === hash) {
      const passed = (Date.now() - now.since) / 1_000
      // The first moments say nothing of the others.
      const secondsLeft = now.share > 0.05 && passed > 2 ? Math.ceil((passed / now.share) * (1 - now.share)) : null
      return { hash, state: 'running', share: now.share, secondsLeft, check: null }
    }
    return { hash, state: failed.get(set) === hash ? 'failed' : 'none', share: 0, secondsLeft: null, check: null }
  }

  async function run(workspace: string, set: string, job: Running): Promise<void> {
    const labels = await sets.labels(workspace, set)
    let rows = 0
    async function* parts() {
      for await (const part of sets.recordPages(workspace, set, partSize)) {
        rows += part.length
        yield part
        // The embedded database answers without letting anything else have a turn.
        await breath()
      }
    }
    const from = Date.now()
    job.since = from
    const found = await runDoctor({
      parts: parts(),
      labels,
      signal: job.stop.signal,
      onShare: (share) => {
        job.share = share
      },
    })
    // Somebody changed the set while its rows were read: what was found is of no content that there is.
    if ((await sets.namedHash(workspace, set)) !== job.hash) return
    await checks.save(workspace, set, { hash: job.hash, rows, seconds: (Date.now() - from) / 1_000 }, found)
  }

  return {
    view,

    /** Begins to check what the set is now, if that is neither known nor under way. A check of a former content is given up. */
    async start(workspace: string, set: string): Promise<CheckView> {
      const seen = await view(workspace, set)
      if (seen.state === 'done' || running.get(set)?.hash === seen.hash) return seen
      running.get(set)?.stop.abort(new Error('the set has changed'))
      const job: Running = { hash: seen.hash, share: 0, since: Date.now(), stop: new AbortController() }
      running.set(set, job)
      failed.delete(set)
      oneAtATime('', () => run(workspace, set, job))
        .catch((error: unknown) => {
          if (job.stop.signal.aborted) return
          failed.set(set, job.hash)
          log.error({ err: error, set }, 'the check of a set failed')
        })
        .finally(() => {
          if (running.get(set) === job) running.delete(set)
        })
      return view(workspace, set)
    },

    async cancel(workspace: string, set: string): Promise<void> {
      await sets.botOf(workspace, set)
      running.get(set)?.stop.abort(new Error('somebody stopped the check'))
      running.delete(set)
    },

    /** A page of the rows of a finding, as they are now; those that are gone or were changed since have no row. */
    async cases(
      workspace: string,
      set: string,
      finding: { hash: string; kind: string },
      page: { offset: number; limit: number },
    ): Promise<{ total: number; cases: CaseView[] }> {
      const { cases } = await checks.cases(workspace, set, finding.hash, finding.kind)
      const shown = cases.slice(page.offset, page.offset + page.limit)
      const keepers = shown.flatMap(({ fix }) => (fix?.do === 'remove' && fix.keeper ? [fix.keeper] : []))
      const rows = await sets.standing(workspace, set, finding.hash, [...shown.map(({ row }) => row), ...keepers])
      const labels = await sets.labels(workspace, set)
      const names = new Map(labels.map(({ id, name }) => [id, name]))
      return {
        total: cases.length,
        cases: shown.map(({ row, fix, marks = [], group = null }) => ({
          id: row,
          row: rows.get(row) ?? null,
          fix,
          labelName: fix?.do === 'label' ? (names.get(fix.label) ?? null) : null,
          keeper: (fix?.do === 'remove' && fix.keeper && rows.get(fix.keeper)?.text) || null,
          marks,
          group,
        })),
      }
    },

    /** Mends the rows of a finding but for those that are left out, as one revision. Rows that changed since the check stay as they are. */
    async fix(
      workspace: string,
      set: string,
      finding: { hash: string; kind: string },
      how: { way: FixWay; label?: string; except: readonly string[] },
      by: string | null = null,
    ): Promise<FixAnswer> {
      const { cases, ways } = await checks.cases(workspace, set, finding.hash, finding.kind)
      if (!ways.includes(how.way) || (how.way === 'label') !== (how.label !== undefined))
        throw new BotloomError('invalid-request', { at: 'way', issue: 'not-a-choice', choices: ways.join(', ') })
      const left = new Set(how.except)
      const fixes = new Map<string, RowFix>()
      for (const { row, fix } of cases) {
        if (left.has(row)) continue
        const own = fixOf(how, fix)
        if (own) fixes.set(row, own)
      }
      return sets.mendRows(workspace, set, finding.hash, fixes, by)
    },

    /** Ends what is under way; nothing of it is kept. */
    stop(): void {
      for (const { stop } of running.values()) stop.abort(new Error('the server stops'))
    },
  }
}

/** What becomes of a row in the way that somebody chose. A copy goes only as long as the row that stays instead of it is there. */
function fixOf({ way, label }: { way: FixWay; label?: string }, suggested: RowFix | null): RowFix | null {
  switch (way) {
    case 'suggested':
      return suggested
    case 'label':
      return { do: 'label', label: label! }
    case 'remove':
      return suggested?.do === 'remove' ? suggested : { do: 'remove' }
  }
}
