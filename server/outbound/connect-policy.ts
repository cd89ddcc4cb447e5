import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'
import { BotloomError } from '#kit'

/** What an operator lets this server call although it lies in a private network: a host, `host:port`, an address or a CIDR range. */
export type AllowList = readonly string[]

export interface ConnectPolicy {
  /** Whether the list names just this host. */
  isNamed(host: string, port: number): boolean
  /** Throws `outbound-refused` for an address that stands in a URL; a name is looked at when it is connected to. */
  checkHost(host: string, port: number): void
  /** As `dns.lookup`, without the answers that must not be connected to: asked at connect time, a name that changes its mind gains nothing. */
  lookup(port: number): LookupFunction
}
type Answered = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void
export type LookupFunction = (host: string, options: LookupOptions, answer: Answered) => void

/** Deny private ranges, allow what the list names. The one policy of everything that connects to somewhere a person typed. */
export function createConnectPolicy(allow: AllowList): ConnectPolicy {
  const names = new Set(allow.map((entry) => entry.toLowerCase()))
  const ranges = allow.flatMap((entry) => {
    if (!entry.includes('/')) return []
    return ipaddr.isValidCIDR(entry) ? [ipaddr.parseCIDR(entry)] : []
  })
  const isNamed = (host: string, port: number) =>
    names.has(host.toLowerCase()) || names.has(`${host.toLowerCase()}:${port}`)

  function isOpen(address: string, port: number): boolean {
    if (!ipaddr.isValid(address)) return false
    const parsed = ipaddr.process(address)
    // Everything that is not the public net: private, loopback, link-local (cloud metadata), multicast, NAT64, Teredo ...
    if (parsed.range() === 'unicast') return true
    return (
      isNamed(address, port) || ranges.some(([net, bits]) => net.kind() === parsed.kind() && parsed.match(net, bits))
    )
  }

  return {
    isNamed,
    checkHost(host, port) {
      const bare = host.replace(/^\[|\]$/g, '')
      if (isIP(bare) !== 0 && !isNamed(host, port) && !isOpen(bare, port))
        throw new BotloomError('outbound-refused', { host })
    },
    lookup: (port) => (host, options, answer) => {
      lookup(host, { ...options, all: true }, (error, found) => {
        if (error) return answer(error, '')
        const open = isNamed(host, port) ? found : found.filter(({ address }) => isOpen(address, port))
        const first = open[0]
        if (!first) return answer(Object.assign(new Error('refused'), { code: 'BOTLOOM_REFUSED' }), '')
        if (options.all) answer(null, open)
        else answer(null, first.address, first.family)
      })
    },
  }
}
