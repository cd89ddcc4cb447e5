import type { Session } from '#runtime/conversation/session.ts'
import type { Edited } from './conversation-rows.ts'

/** The session as if a person had set these variables; null forgets one. */
export function withVariables(session: Session, edited: Edited): Session {
  const variables = { ...session.variables }
  for (const [name, value] of Object.entries(edited))
    if (value === null) delete variables[name]
    else variables[name] = value
  return { ...session, variables }
}
