import { betterAuth } from 'better-auth'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { magicLink } from 'better-auth/plugins'
import { asc, eq } from 'drizzle-orm'
import { BotloomError } from '#kit'
import type { Me } from '#server/api/dto.ts'
import type { Database } from '#server/db/client.ts'
import { accounts, authSessions, mainWorkspace, users, verifications, workspaces } from '#server/db/schema/auth.ts'
import { csrfOf } from './secrets.ts'

/** Seconds that a sign-in link is good for. */
const linkSeconds = 15 * 60
const ownerEmail = 'owner@botloom.local'

export interface SignedIn {
  user: Me['user']
  workspace: string
  csrf: string
  /** `Set-Cookie` values of a session that was just prolonged; without them the browser would forget it at its first date. */
  cookies: string[]
}
export type Auth = ReturnType<typeof createAuth>

/**
 * Sessions and the single-use sign-in link. better-auth keeps sessions and tokens; its own HTTP routes are not mounted, so
 * that nothing is reachable but what is called here.
 */
export function createAuth(deps: { db: Database; secret: string; url: string }) {
  const { db, secret } = deps
  // A link is handed to whoever asked for it in this process; it is never sent anywhere.
  const wanted = new Map<string, (token: string) => void>()
  const auth = betterAuth({
    appName: 'Botloom',
    baseURL: deps.url,
    secret,
    telemetry: { enabled: false },
    logger: { disabled: true },
    database: drizzleAdapter(db, {
      provider: 'pg',
      schema: { user: users, session: authSessions, account: accounts, verification: verifications },
    }),
    session: { expiresIn: 60 * 60 * 24 * 30, updateAge: 60 * 60 * 24 },
    rateLimit: { enabled: false },
    advanced: {
      cookiePrefix: 'botloom',
      defaultCookieAttributes: { sameSite: 'strict', httpOnly: true, path: '/' },
      useSecureCookies: deps.url.startsWith('https:'),
    },
    plugins: [
      magicLink({
        expiresIn: linkSeconds,
        disableSignUp: true,
        storeToken: 'hashed',
        sendMagicLink: async ({ token, metadata }) => {
          wanted.get(String(metadata?.for))?.(token)
        },
      }),
    ],
  })
  let links = 0

  return {
    /** Makes the workspace and its owner where they are missing. */
    async ensureOwner(): Promise<void> {
      await db.insert(workspaces).values({ workspaceId: mainWorkspace, name: 'Botloom' }).onConflictDoNothing()
      await db
        .insert(users)
        .values({ id: 'usr_owner', name: 'Owner', email: ownerEmail, emailVerified: true })
        .onConflictDoNothing()
    },

    /** The name that visitors and colleagues see of a person. */
    async rename(user: string, name: string): Promise<void> {
      await db.update(users).set({ name, updatedAt: new Date() }).where(eq(users.id, user))
    },

    /** A token that signs the owner in once, within 15 minutes. */
    async makeLinkToken(): Promise<string> {
      const [owner] = await db.select().from(users).orderBy(asc(users.createdAt)).limit(1)
      if (!owner) throw new BotloomError('not-found', { what: 'owner' })
      const mine = String(++links)
      return new Promise<string>((resolve, reject) => {
        wanted.set(mine, resolve)
        auth.api
          .signInMagicLink({ body: { email: owner.email, metadata: { for: mine } }, headers: new Headers() })
          .catch(reject)
          .finally(() => wanted.delete(mine))
      })
    },

    /** Trades a token for session cookies (`Set-Cookie` values). Throws `sign-in-link-used`. */
    async signIn(token: string, headers: Headers): Promise<string[]> {
      let response: Response
      try {
        response = await auth.api.magicLinkVerify({
          query: { token },
          headers: new Headers({ 'user-agent': headers.get('user-agent') ?? '' }),
          asResponse: true,
        })
      } catch {
        throw new BotloomError('sign-in-link-used')
      }
      if (response.status !== 200) throw new BotloomError('sign-in-link-used')
      return response.headers.getSetCookie()
    },

    /** Who is behind a request's cookies, or null. */
    async session(headers: Headers): Promise<SignedIn | null> {
      if (!headers.get('cookie')) return null
      const { response: found, headers: told } = await auth.api.getSession({ headers, returnHeaders: true })
      if (!found) return null
      const [user] = await db.select().from(users).where(eq(users.id, found.user.id))
      if (!user) return null
      return {
        user: { id: user.id, name: user.name, email: user.email },
        workspace: user.workspaceId,
        csrf: csrfOf(secret, found.session.token),
        cookies: told.getSetCookie(),
      }
    },

    /** Ends the session; gives the `Set-Cookie` values that clear it. */
    async signOut(headers: Headers): Promise<string[]> {
      const response = await auth.api.signOut({ headers, asResponse: true })
      return response.headers.getSetCookie()
    },
  }
}
