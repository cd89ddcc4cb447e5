/** Ids carry their kind, so that a run id can never be passed where a bot id is asked. */
export type Id<K extends string> = string & { readonly __kind?: K }
export type BotId = Id<'bot'>
export type RunId = Id<'run'>
export type SetId = Id<'set'>
export type FileId = Id<'file'>
export type LabelId = Id<'lbl'>
export type ConversationId = Id<'cnv'>
export type VersionId = Id<'ver'>
export type ArtifactHash = Id<'sha'>
