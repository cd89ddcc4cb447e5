import { join } from 'node:path'
import type { Logger } from 'pino'
import type { PinnedRef } from '#kit'
import { definitions, steps } from '#nodes/registry.gen.ts'
import type { NodeRegistry } from '#runtime/graph/registry.ts'
import { projectRoot } from '#runtime/project-root.ts'
import { createArtifactFolder } from '#runtime/worker/artifacts.ts'
import { createLimiter } from './api/public/limits.ts'
import { createApiCaller } from './api-calls/api-caller.ts'
import { createBotSecrets } from './api-calls/bot-secrets.ts'
import { createAuth } from './auth/auth.ts'
import { createSealer } from './auth/sealed.ts'
import { readSecret } from './auth/secrets.ts'
import { createBotCarrier } from './bots/bot-carrier.ts'
import { createBotRemoval } from './bots/bot-removal.ts'
import { createBotStore } from './bots/bot-store.ts'
import { createDraftStore } from './bots/draft-store.ts'
import { createDraftViewer } from './bots/draft-view.ts'
import { createExperimentFigures } from './bots/experiment-figures.ts'
import { createExperimentStore } from './bots/experiment-store.ts'
import { createFactsTeller } from './bots/facts-teller.ts'
import { createReportReader } from './bots/report-reader.ts'
import { createRunComparison } from './bots/run-comparison.ts'
import { createTemplates } from './bots/templates.ts'
import { createTestKeys } from './bots/test-keys.ts'
import { createVersionChoice } from './bots/version-choice.ts'
import { createVersionStore } from './bots/version-store.ts'
import { toChannelPosts } from './channels/channel-posts.ts'
import { createChannelService } from './channels/channel-service.ts'
import { createChannelStore } from './channels/channel-store.ts'
import { createReplayRecent } from './chat-tests/replay-recent.ts'
import { createTestRunner } from './chat-tests/test-runner.ts'
import { createTestStore } from './chat-tests/test-store.ts'
import type { Config } from './config.ts'
import { createConversationService } from './conversations/conversation-service.ts'
import { createVisitorFiles } from './conversations/visitor-files.ts'
import { createVisitorIdentities } from './conversations/visitor-identity.ts'
import { createCheckStore } from './data/doctor/check-store.ts'
import { createSetDoctor } from './data/doctor/set-doctor.ts'
import { createFileStore } from './data/file-store.ts'
import { createContentOf, createRecordAccess } from './data/record-access.ts'
import { createSetHistory } from './data/set-history.ts'
import { createSetStore } from './data/set-store.ts'
import type { OpenDatabase } from './db/client.ts'
import { commandLineWorkspace } from './db/schema/auth.ts'
import { createCannedReplies } from './inbox/canned-replies.ts'
import { createInboxBell } from './inbox/inbox-bell.ts'
import { createInboxStore } from './inbox/inbox-store.ts'
import { createInsightCounter } from './insights/insight-counter.ts'
import { createInsightStore } from './insights/insight-store.ts'
import { sweepArtifacts } from './jobs/artifact-sweep.ts'
import { type Compute, createCompute } from './jobs/compute.ts'
import { createQueue } from './jobs/queue.ts'
import { createRunService } from './jobs/run-service.ts'
import { createApiKeys } from './keys/api-keys.ts'
import { createRequestMemory } from './keys/request-memory.ts'
import { createLabelGuides } from './labelling/label-guides.ts'
import { createLabelQueues } from './labelling/label-queue.ts'
import { createLabelSteps } from './labelling/label-steps.ts'
import { createFindSimilar } from './labelling/similar-rows.ts'
import { createConnectPolicy } from './outbound/connect-policy.ts'
import { createOutbound } from './outbound/outbound.ts'
import { createConversationFeed } from './realtime/conversation-feed.ts'
import { createEventLog } from './realtime/event-log.ts'
import { createConnectionStore } from './sources/connection-store.ts'
import { createOpenConnection } from './sources/open-connection.ts'
import { createSourceService } from './sources/source-service.ts'
import { createSourceStore } from './sources/source-store.ts'
import { createMessageGroups } from './unanswered/message-groups.ts'
import { createUnansweredDesk } from './unanswered/unanswered.ts'
import { createUnansweredStore } from './unanswered/unanswered-store.ts'
import { toTurnEvents } from './webhooks/turn-events.ts'
import { createWebhookInterest } from './webhooks/webhook-interest.ts'
import { createWebhookSender } from './webhooks/webhook-sender.ts'
import { createWebhookStore } from './webhooks/webhook-store.ts'

export const registry: NodeRegistry = { nodes: definitions }

export type Services = Awaited<ReturnType<typeof createServices>>

/** Builds the rooms and hands each what it needs: the only place that knows all of them. */
export async function createServices(given: {
  config: Config
  database: OpenDatabase
  log: Logger
  url: string
  workerEntry?: string
  /** Another one than the forked processes, for tests of what does not compute. */
  compute?: Compute
}) {
  const { config, database, log } = given
  const { db } = database
  const folders = {
    artifacts: join(config.dataFolder, 'artifacts'),
    cache: join(config.dataFolder, 'cache'),
    models: config.modelsFolder,
    allowPaths: false,
  }
  const clock = { now: () => new Date() }
  const secret = await readSecret(config.dataFolder)
  const outbound = createOutbound({ allow: config.outboundAllow })
  const secrets = createBotSecrets({ db, sealer: createSealer(secret, 'api secrets') })
  const calls = createApiCaller({ outbound, secrets })
  const auth = createAuth({ db, secret, url: given.url })
  const events = await createEventLog(database)
  const queue = await createQueue(database, log)
  const compute = given.compute ?? createCompute({ folders, entry: given.workerEntry, log })
  compute.prepare()
  const artifacts = createArtifactFolder(folders.artifacts)
  await artifacts.clean()

  const sets = createSetStore({ db })
  const checks = createCheckStore({ db })
  const doctor = createSetDoctor({ sets, checks, log })
  const history = createSetHistory({ db, sets })
  const files = createFileStore({ db, folder: join(config.dataFolder, 'files'), limit: config.uploadBytes })
  const visitorFiles = createVisitorFiles({
    db,
    folder: join(config.dataFolder, 'visitor-files'),
    limit: config.visitorFileBytes,
  })
  const identities = createVisitorIdentities(secret)
  const drafts = createDraftStore({ db, registry, events })
  const bots = createBotStore({ db, drafts })
  const runs = await createRunService({
    database,
    queue,
    events,
    compute,
    folders,
    registry,
    records: (workspace) => createRecordAccess({ sets, files }, workspace),
    contentOf: createContentOf({ sets, files, modelsFolder: config.modelsFolder }),
    difference: sets.difference,
    artifactExists: (hash) =>
      artifacts.open(hash).then(
        () => true,
        () => false,
      ),
    openArtifact: (hash) => artifacts.open(hash),
    writeArtifact: (fill) => artifacts.write(fill),
    carriesOut: (workspace) => workspace !== commandLineWorkspace,
    clock,
    log,
  })
  const viewer = createDraftViewer({ drafts, sets, registry, statesOf: runs.states })
  const labelSteps = createLabelSteps({ db, sets, history, drafts, registry })
  const labelGuides = createLabelGuides({ db, sets })
  const labelQueues = createLabelQueues({ sets, checks, viewer, compute })
  const findSimilar = createFindSimilar({ sets, folders })
  const tellFacts = createFactsTeller({ database, sets, drafts, viewer, events })
  const sources = createSourceService({
    connections: createConnectionStore({ db, sealer: createSealer(secret, 'data connections') }),
    store: createSourceStore({ db }),
    sets,
    open: createOpenConnection({ policy: createConnectPolicy(config.outboundAllow), outbound }),
    languagesOf: async (workspace, bot) => (await drafts.load(workspace, bot)).document.languages,
    changed: tellFacts,
    log,
  })
  const interest = await createWebhookInterest(database, log)
  const sealer = createSealer(secret, 'webhooks')
  const webhooks = createWebhookStore({ database, sealer, interest, bots })
  const webhookSender = createWebhookSender({ database, outbound, sealer, interest, log })
  const versions = createVersionStore({
    db,
    registry,
    drafts,
    viewer,
    sets,
    events,
    openConversations: (workspace, bot, environment) => conversations.openConversations(workspace, bot, environment),
    choose: createVersionChoice({ db }),
    published: webhooks.published,
  })
  const documentOf = async (workspace: string, bot: string, version: number) =>
    (await versions.load(workspace, bot, version)).document
  const insightCounter = createInsightCounter({
    database,
    zoneOf: async (workspace, bot, version) => (await documentOf(workspace, bot, version)).timeZone,
    log,
  })
  const insights = createInsightStore({ database, documentOf, currentVersion: versions.current })
  const messageGroups = createMessageGroups({ modelsFolder: config.modelsFolder, log })
  const unanswered = createUnansweredDesk({
    store: createUnansweredStore({ database }),
    groups: messageGroups,
    sets,
    versions,
    compute,
    catchUp: insightCounter.catchUp,
  })
  const experiments = createExperimentStore({ db, versions, figures: createExperimentFigures(database) })
  const testKeys = createTestKeys(secret)
  const bell = createInboxBell(events, (error) => log.warn({ err: error }, 'inboxes could not be told'))
  const keys = createApiKeys({ db })
  const feed = createConversationFeed({ db, events, log, followed: keys.inUse })
  const requests = createRequestMemory({ db })
  /** Conversations with a turn that somebody outside is to be told of: nobody is woken for the others. */
  const posted = new Set<string>()
  const conversations = await createConversationService({
    database,
    classifier: compute,
    calls,
    versions,
    registry,
    steps,
    files: visitorFiles,
    log,
    changed(workspace, conversation, status) {
      bell.ring(workspace, conversation, status)
      insightCounter.mark(conversation)
      if (!posted.delete(conversation)) return
      webhookSender.wake()
      channels.wake()
    },
    happened: feed.tell,
    posts(told) {
      const posts = [...toChannelPosts(told), ...toTurnEvents(told, interest)]
      if (posts.length > 0) posted.add(told.before.id)
      return posts
    },
  })
  const limiter = createLimiter(config.limits)
  const channelStore = createChannelStore({
    db,
    sealer: createSealer(secret, 'channels'),
    outbound,
    bots,
    url: given.url,
  })
  const channels = createChannelService({
    database,
    store: channelStore,
    conversations,
    outbound,
    limit: (connection, sender) => limiter.message(`${connection} ${sender}`),
    log,
  })
  const inbox = createInboxStore({ database })
  const canned = createCannedReplies(db)
  const tests = createTestStore({ db })
  const replayRecent = createReplayRecent({ versions, conversations })
  const testRunner = createTestRunner({ tests, versions, conversations })
  const sweepWhenIdle = (): void => runs.whenIdle(() => sweepArtifacts({ database, artifacts }))
  const removeBot = createBotRemoval({ db, bots, runs, files, visitorFiles, sweepArtifacts: sweepWhenIdle })
  const carrier = createBotCarrier({ registry, bots, drafts, sets, files, removeBot })
  const templates = createTemplates({
    folder: join(projectRoot, 'nodes', 'templates'),
    registry,
    bots,
    removeBot,
    sets,
    tests,
  })
  const reports = createReportReader({ db, artifacts, sets })
  const comparisons = createRunComparison({ db, runs, reports, sets })

  return {
    config,
    database,
    log,
    secret,
    outbound,
    secrets,
    calls,
    auth,
    events,
    bell,
    feed,
    keys,
    requests,
    inbox,
    canned,
    insights,
    insightCounter,
    unanswered,
    webhooks,
    webhookSender,
    channels,
    channelStore,
    compute,
    sets,
    doctor,
    history,
    labelSteps,
    labelGuides,
    labelQueues,
    findSimilar,
    sources,
    tellFacts,
    files,
    visitorFiles,
    identities,
    drafts,
    bots,
    removeBot,
    carrier,
    runs,
    viewer,
    versions,
    experiments,
    testKeys,
    conversations,
    tests,
    testRunner,
    templates,
    replayRecent,
    reports,
    comparisons,

    /** Takes artifacts off the disk that nothing names, at the next moment in which this server carries out no block. */
    sweepWhenIdle,

    /** Loads the models of all versions that somebody may meet before a visitor waits for them. */
    async warmPublished(workspace: string): Promise<void> {
      const models: PinnedRef[] = []
      for (const bot of await bots.list(workspace)) {
        for (const version of await versions.served(workspace, bot.id))
          models.push(...Object.values((await versions.load(workspace, bot.id, version)).classifiers))
      }
      await compute.warm(models)
    },

    /** In the order in which nothing is cut off that still writes; the database is the caller's to close. */
    async stop(): Promise<void> {
      doctor.stop()
      messageGroups.stop()
      await sources.stop()
      await runs.stop()
      await channels.close()
      await conversations.close()
      await insightCounter.stop()
      await feed.close()
      await webhookSender.close()
      await interest.close()
      await queue.stop()
      await compute.stop()
      await outbound.close()
      await events.close()
    },
  }
}
