import type { ArmFigures } from '#server/api/dto.ts'
import type { OpenDatabase } from '#server/db/client.ts'

export type ExperimentFigures = (workspace: string, experiment: string) => Promise<{ a: ArmFigures; b: ArmFigures }>

/**
 * What came of the conversations that began in an experiment, by arm; those in which the visitor said nothing do not
 * count, nor does what happened after its end.
 */
export function createExperimentFigures({ query }: Pick<OpenDatabase, 'query'>): ExperimentFigures {
  return async (workspace, experiment) => {
    const rows = await query<ArmFigures & { arm: 'a' | 'b' }>(
      `select arm, count(*)::int as conversations,
         (count(*) filter (where handed))::int as "handedOver",
         (count(*) filter (where not handed))::int as contained
       from (
         select c.arm, exists (
             select 1 from handoffs h
             where h.conversation_id = c.id and (e.ended_at is null or h.created_at < e.ended_at)
           ) as handed
         from conversations c join experiments e on e.id = c.experiment and e.workspace_id = c.workspace_id
         where c.workspace_id = $1 and c.experiment = $2 and c.environment = 'live' and not c.is_try
           and exists (
             select 1 from messages m where m.conversation_id = c.id and m.role = 'user'
               and (e.ended_at is null or m.at < e.ended_at)
           )
       ) spoke group by arm`,
      [workspace, experiment],
    )
    const of = (arm: 'a' | 'b'): ArmFigures => {
      const { conversations, contained, handedOver } = rows.find((row) => row.arm === arm) ?? nothing
      return { conversations, contained, handedOver }
    }
    return { a: of('a'), b: of('b') }
  }
}

const nothing: ArmFigures = { conversations: 0, contained: 0, handedOver: 0 }
