import type { ConnectPolicy } from '#server/outbound/connect-policy.ts'
import type { Outbound } from '#server/outbound/outbound.ts'
import { openHttpSource } from './http-json.ts'
import type { OpenSource } from './open-source.ts'
import type { ConnectionRequest } from './source-shapes.ts'

export type OpenConnection = ReturnType<typeof createOpenConnection>

/** Opens a connection by its kind. A driver is loaded when it is needed first: a bot that learns from files never pays for it. */
export function createOpenConnection(deps: { policy: ConnectPolicy; outbound: Pick<Outbound, 'send'> }) {
  return async (request: ConnectionRequest): Promise<OpenSource> => {
    switch (request.kind) {
      case 'postgres':
        return (await import('./postgres.ts')).openPostgresSource(request, deps.policy)
      case 'mysql':
        return (await import('./mysql.ts')).openMysqlSource(request, deps.policy)
      case 'http':
        return openHttpSource(request, deps.outbound)
    }
  }
}
