CREATE TABLE "api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"name" text NOT NULL,
	"prefix" text NOT NULL,
	"hash" text NOT NULL,
	"scopes" jsonb NOT NULL,
	"bots" jsonb,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	CONSTRAINT "api_keys_prefix_unique" UNIQUE("prefix")
);
--> statement-breakpoint
CREATE TABLE "api_requests" (
	"key_id" text NOT NULL,
	"id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"hash" text NOT NULL,
	"status" integer,
	"answer" text,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "api_requests_key_id_id_pk" PRIMARY KEY("key_id","id")
);
--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text DEFAULT 'wsp_main' NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"user_id" text NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp with time zone,
	"refresh_token_expires_at" timestamp with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "auth_sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text DEFAULT 'wsp_main' NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"token" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"user_id" text NOT NULL,
	CONSTRAINT "auth_sessions_token_unique" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text DEFAULT 'wsp_main' NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "verifications" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text DEFAULT 'wsp_main' NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "workspaces" (
	"workspace_id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"prepared_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "bot_secrets" (
	"bot_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"name" text NOT NULL,
	"host" text NOT NULL,
	"sealed" text NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "bot_secrets_bot_id_name_pk" PRIMARY KEY("bot_id","name")
);
--> statement-breakpoint
CREATE TABLE "bots" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"template" text,
	"origins" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"allow_server_callers" boolean DEFAULT false NOT NULL,
	"look" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"identity_secret" text,
	"verified_only" boolean DEFAULT false NOT NULL,
	"current_version" integer,
	"test_version" integer,
	"test_key_serial" integer DEFAULT 1 NOT NULL,
	"publish_to" text DEFAULT 'live' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "bots_slug" UNIQUE("slug")
);
--> statement-breakpoint
CREATE TABLE "chat_tests" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"bot_id" text NOT NULL,
	"name" text NOT NULL,
	"language" text NOT NULL,
	"now" text NOT NULL,
	"turns" text NOT NULL,
	"result" text,
	"result_of" text,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "draft_diffs" (
	"bot_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"revision" integer NOT NULL,
	"diff_id" text NOT NULL,
	"diff" text NOT NULL,
	"clashes" text NOT NULL,
	"author" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "draft_diffs_bot_id_revision_pk" PRIMARY KEY("bot_id","revision"),
	CONSTRAINT "draft_diffs_once" UNIQUE("bot_id","diff_id")
);
--> statement-breakpoint
CREATE TABLE "drafts" (
	"bot_id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"document" text NOT NULL,
	"revision" integer NOT NULL,
	"draft_hash" text NOT NULL,
	"content_hash" text NOT NULL,
	"saved_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "experiments" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"bot_id" text NOT NULL,
	"version_a" integer NOT NULL,
	"version_b" integer NOT NULL,
	"share_b" integer NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"started_by" text NOT NULL,
	"started_by_name" text NOT NULL,
	"ended_at" timestamp with time zone,
	"ended_by" text,
	"ended_by_name" text,
	"kept" integer
);
--> statement-breakpoint
CREATE TABLE "versions" (
	"bot_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"version" integer NOT NULL,
	"document" text NOT NULL,
	"content_hash" text NOT NULL,
	"facts" text NOT NULL,
	"classifiers" jsonb NOT NULL,
	"sets" jsonb NOT NULL,
	"note" text NOT NULL,
	"accuracy" real,
	"author" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "versions_bot_id_version_pk" PRIMARY KEY("bot_id","version")
);
--> statement-breakpoint
CREATE TABLE "channel_connections" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"bot_id" text NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"settings" jsonb NOT NULL,
	"secrets" text NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"last_heard_at" timestamp with time zone,
	"last_error" jsonb,
	"last_error_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "channel_inbox" (
	"pos" bigserial PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"message_id" text NOT NULL,
	"sender" text NOT NULL,
	"incoming" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	"leased_until" timestamp with time zone,
	"handled_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "channel_threads" (
	"connection_id" text NOT NULL,
	"sender" text NOT NULL,
	"workspace_id" text NOT NULL,
	"conversation_id" text NOT NULL,
	"sent_seq" integer DEFAULT 0 NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	"leased_until" timestamp with time zone,
	CONSTRAINT "channel_threads_connection_id_sender_pk" PRIMARY KEY("connection_id","sender")
);
--> statement-breakpoint
CREATE TABLE "canned_replies" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"title" text NOT NULL,
	"text" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "conversation_notes" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"conversation_id" text NOT NULL,
	"author" text NOT NULL,
	"author_name" text NOT NULL,
	"text" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "conversation_ratings" (
	"conversation_id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"bot_id" text NOT NULL,
	"version" integer,
	"rating" integer NOT NULL,
	"comment" text NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "conversations" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"bot_id" text NOT NULL,
	"visitor_id" text NOT NULL,
	"is_try" boolean DEFAULT false NOT NULL,
	"environment" text DEFAULT 'live' NOT NULL,
	"subject" text,
	"experiment" text,
	"arm" text,
	"version" integer,
	"draft_pin" text,
	"status" text NOT NULL,
	"block" text NOT NULL,
	"language" text NOT NULL,
	"channel" text DEFAULT 'web' NOT NULL,
	"session" text NOT NULL,
	"turn" integer NOT NULL,
	"seq" integer NOT NULL,
	"resume_hash" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"finishing" boolean DEFAULT false NOT NULL,
	"wake_at" timestamp with time zone,
	"context" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"assignee" text,
	"tags" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"opening" text
);
--> statement-breakpoint
CREATE TABLE "draft_pins" (
	"hash" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"bot_id" text NOT NULL,
	"document" text NOT NULL,
	"classifiers" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "handoffs" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"bot_id" text NOT NULL,
	"conversation_id" text NOT NULL,
	"block" text NOT NULL,
	"reason" text NOT NULL,
	"note" text NOT NULL,
	"status" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"conversation_id" text NOT NULL,
	"seq" integer NOT NULL,
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"turn" integer NOT NULL,
	"role" text NOT NULL,
	"parts" text NOT NULL,
	"text" text NOT NULL,
	"language" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"author" text,
	"act" text,
	"trace" text,
	CONSTRAINT "messages_conversation_id_seq_pk" PRIMARY KEY("conversation_id","seq")
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"conversation_id" text NOT NULL,
	"kind" text NOT NULL,
	"payload" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"delivered_at" timestamp with time zone,
	"call" integer,
	"lease_until" timestamp with time zone,
	"taken" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "try_turns" (
	"conversation_id" text NOT NULL,
	"turn" integer NOT NULL,
	"workspace_id" text NOT NULL,
	"session" text NOT NULL,
	"edited" text,
	CONSTRAINT "try_turns_conversation_id_turn_pk" PRIMARY KEY("conversation_id","turn")
);
--> statement-breakpoint
CREATE TABLE "visitor_files" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"conversation_id" text NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"bytes" integer NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "visitors" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"bot_id" text NOT NULL,
	"attributes" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"external_id" text,
	"verified" jsonb,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"topic" text NOT NULL,
	"event" jsonb NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "conversation_days" (
	"conversation_id" text NOT NULL,
	"day" text NOT NULL,
	"version" integer NOT NULL,
	"language" text NOT NULL,
	"workspace_id" text NOT NULL,
	"bot_id" text NOT NULL,
	"channel" text NOT NULL,
	"said" integer NOT NULL,
	"person" boolean NOT NULL,
	"over" boolean NOT NULL,
	"verdicts" integer NOT NULL,
	"no_match" integer NOT NULL,
	"api_calls" integer NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"ms" real[] NOT NULL,
	"passes" jsonb NOT NULL,
	CONSTRAINT "conversation_days_conversation_id_day_version_language_pk" PRIMARY KEY("conversation_id","day","version","language")
);
--> statement-breakpoint
CREATE TABLE "conversation_facts" (
	"conversation_id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"bot_id" text NOT NULL,
	"turn" integer NOT NULL,
	"seq" integer NOT NULL,
	"standing" jsonb NOT NULL,
	"stopped_at" text,
	"via_node" text,
	"via_port" text,
	"ended" boolean NOT NULL,
	"last_at" timestamp with time zone NOT NULL,
	"day" text NOT NULL,
	"version" integer NOT NULL,
	"language" text NOT NULL,
	"channel" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "node_results" (
	"seq" bigserial NOT NULL,
	"workspace_id" text NOT NULL,
	"bot_id" text NOT NULL,
	"node" text NOT NULL,
	"hash" text NOT NULL,
	"fingerprint" jsonb NOT NULL,
	"outputs" jsonb NOT NULL,
	"seconds" double precision NOT NULL,
	"run_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "node_results_workspace_id_bot_id_node_hash_pk" PRIMARY KEY("workspace_id","bot_id","node","hash")
);
--> statement-breakpoint
CREATE TABLE "runs" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"bot_id" text NOT NULL,
	"revision" integer NOT NULL,
	"document" text NOT NULL,
	"fingerprints" jsonb NOT NULL,
	"status" text NOT NULL,
	"snapshot" jsonb NOT NULL,
	"seq" integer NOT NULL,
	"failure" jsonb,
	"device" text,
	"started_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"owner" text NOT NULL,
	"beat_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "set_checks" (
	"set_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"hash" text NOT NULL,
	"doctor" integer NOT NULL,
	"rows" integer NOT NULL,
	"seconds" real NOT NULL,
	"checked_at" timestamp with time zone NOT NULL,
	CONSTRAINT "set_checks_set_id_hash_pk" PRIMARY KEY("set_id","hash")
);
--> statement-breakpoint
CREATE TABLE "set_findings" (
	"set_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"hash" text NOT NULL,
	"kind" text NOT NULL,
	"position" integer NOT NULL,
	"rows" integer NOT NULL,
	"ways" jsonb NOT NULL,
	"cases" text NOT NULL,
	CONSTRAINT "set_findings_set_id_hash_kind_pk" PRIMARY KEY("set_id","hash","kind")
);
--> statement-breakpoint
CREATE TABLE "files" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"name" text NOT NULL,
	"bytes" integer NOT NULL,
	"hash" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "set_label_steps" (
	"id" text PRIMARY KEY NOT NULL,
	"set_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"did" text NOT NULL,
	"from" text NOT NULL,
	"to" text NOT NULL,
	"revision" integer,
	"rows" integer NOT NULL,
	"undo" jsonb NOT NULL,
	"author" text,
	"created_at" timestamp with time zone NOT NULL,
	"undone_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "set_labels" (
	"set_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"name" text NOT NULL,
	"position" integer NOT NULL,
	"guide" jsonb,
	"merged_into" text,
	CONSTRAINT "set_labels_set_id_id_pk" PRIMARY KEY("set_id","id")
);
--> statement-breakpoint
CREATE TABLE "set_marks" (
	"set_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"row_id" text NOT NULL,
	CONSTRAINT "set_marks_set_id_row_id_pk" PRIMARY KEY("set_id","row_id")
);
--> statement-breakpoint
CREATE TABLE "set_revisions" (
	"set_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"revision" integer NOT NULL,
	"hash" text NOT NULL,
	"rows" integer NOT NULL,
	"author" text,
	"did" text,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "set_revisions_set_id_revision_pk" PRIMARY KEY("set_id","revision")
);
--> statement-breakpoint
CREATE TABLE "set_rows" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "set_rows_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"set_id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"id" text NOT NULL,
	"position" integer NOT NULL,
	"since" integer NOT NULL,
	"until" integer,
	"text" text NOT NULL,
	"pair" text,
	"label" text,
	"language" text,
	"group" text,
	"out_of_scope" boolean DEFAULT false NOT NULL,
	"split" text,
	"entities" jsonb,
	"origin" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sets" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"bot_id" text NOT NULL,
	"name" text NOT NULL,
	"current" integer NOT NULL,
	"staging" integer,
	"staging_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "data_connections" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"bot_id" text NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"settings" jsonb NOT NULL,
	"sealed" text NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "data_connections_name" UNIQUE("bot_id","name")
);
--> statement-breakpoint
CREATE TABLE "data_sources" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"set_id" text NOT NULL,
	"connection_id" text NOT NULL,
	"name" text NOT NULL,
	"query" jsonb NOT NULL,
	"mapping" jsonb NOT NULL,
	"cursor_column" text,
	"cursor" jsonb,
	"most" integer NOT NULL,
	"state" text NOT NULL,
	"stop_asked" boolean DEFAULT false NOT NULL,
	"beat_at" timestamp with time zone NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"read" bigint DEFAULT 0 NOT NULL,
	"added" bigint DEFAULT 0 NOT NULL,
	"duplicates" bigint DEFAULT 0 NOT NULL,
	"broken_rows" bigint DEFAULT 0 NOT NULL,
	"broken" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"fault" jsonb,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "unanswered_marks" (
	"bot_id" text NOT NULL,
	"key" text NOT NULL,
	"workspace_id" text NOT NULL,
	"conversation_id" text NOT NULL,
	"seq" integer NOT NULL,
	"state" text NOT NULL,
	"set_id" text,
	"row_id" text,
	"label" text,
	"marked_at" timestamp with time zone NOT NULL,
	CONSTRAINT "unanswered_marks_bot_id_key_pk" PRIMARY KEY("bot_id","key")
);
--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"pos" bigserial PRIMARY KEY NOT NULL,
	"id" text NOT NULL,
	"workspace_id" text NOT NULL,
	"endpoint_id" text NOT NULL,
	"event_id" text NOT NULL,
	"type" text NOT NULL,
	"conversation_id" text,
	"turn" integer DEFAULT 0 NOT NULL,
	"place" integer DEFAULT 0 NOT NULL,
	"body" text NOT NULL,
	"status" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_at" timestamp with time zone NOT NULL,
	"leased_until" timestamp with time zone,
	"tries" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "webhook_deliveries_id_unique" UNIQUE("id")
);
--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"id" text PRIMARY KEY NOT NULL,
	"workspace_id" text NOT NULL,
	"bot_id" text,
	"url" text NOT NULL,
	"events" jsonb NOT NULL,
	"secret" text NOT NULL,
	"old_secret" text,
	"old_until" timestamp with time zone,
	"active" boolean DEFAULT true NOT NULL,
	"off_reason" text,
	"failing_since" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "auth_sessions" ADD CONSTRAINT "auth_sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bot_secrets" ADD CONSTRAINT "bot_secrets_bot_id_bots_id_fk" FOREIGN KEY ("bot_id") REFERENCES "public"."bots"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "chat_tests" ADD CONSTRAINT "chat_tests_bot_id_bots_id_fk" FOREIGN KEY ("bot_id") REFERENCES "public"."bots"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "draft_diffs" ADD CONSTRAINT "draft_diffs_bot_id_bots_id_fk" FOREIGN KEY ("bot_id") REFERENCES "public"."bots"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "drafts" ADD CONSTRAINT "drafts_bot_id_bots_id_fk" FOREIGN KEY ("bot_id") REFERENCES "public"."bots"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "experiments" ADD CONSTRAINT "experiments_bot_id_bots_id_fk" FOREIGN KEY ("bot_id") REFERENCES "public"."bots"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "versions" ADD CONSTRAINT "versions_bot_id_bots_id_fk" FOREIGN KEY ("bot_id") REFERENCES "public"."bots"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "node_results" ADD CONSTRAINT "node_results_bot_id_bots_id_fk" FOREIGN KEY ("bot_id") REFERENCES "public"."bots"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "runs" ADD CONSTRAINT "runs_bot_id_bots_id_fk" FOREIGN KEY ("bot_id") REFERENCES "public"."bots"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "set_checks" ADD CONSTRAINT "set_checks_set_id_sets_id_fk" FOREIGN KEY ("set_id") REFERENCES "public"."sets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "set_findings" ADD CONSTRAINT "set_findings_set_id_sets_id_fk" FOREIGN KEY ("set_id") REFERENCES "public"."sets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "set_label_steps" ADD CONSTRAINT "set_label_steps_set_id_sets_id_fk" FOREIGN KEY ("set_id") REFERENCES "public"."sets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "set_labels" ADD CONSTRAINT "set_labels_set_id_sets_id_fk" FOREIGN KEY ("set_id") REFERENCES "public"."sets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "set_marks" ADD CONSTRAINT "set_marks_set_id_sets_id_fk" FOREIGN KEY ("set_id") REFERENCES "public"."sets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "set_revisions" ADD CONSTRAINT "set_revisions_set_id_sets_id_fk" FOREIGN KEY ("set_id") REFERENCES "public"."sets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "set_rows" ADD CONSTRAINT "set_rows_set_id_sets_id_fk" FOREIGN KEY ("set_id") REFERENCES "public"."sets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sets" ADD CONSTRAINT "sets_bot_id_bots_id_fk" FOREIGN KEY ("bot_id") REFERENCES "public"."bots"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "data_connections" ADD CONSTRAINT "data_connections_bot_id_bots_id_fk" FOREIGN KEY ("bot_id") REFERENCES "public"."bots"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "data_sources" ADD CONSTRAINT "data_sources_set_id_sets_id_fk" FOREIGN KEY ("set_id") REFERENCES "public"."sets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "data_sources" ADD CONSTRAINT "data_sources_connection_id_data_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."data_connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_keys_workspace" ON "api_keys" USING btree ("workspace_id","created_at");--> statement-breakpoint
CREATE INDEX "api_requests_created" ON "api_requests" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "accounts_user" ON "accounts" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "auth_sessions_user" ON "auth_sessions" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "verifications_identifier" ON "verifications" USING btree ("identifier");--> statement-breakpoint
CREATE INDEX "bots_workspace" ON "bots" USING btree ("workspace_id");--> statement-breakpoint
CREATE INDEX "chat_tests_bot" ON "chat_tests" USING btree ("workspace_id","bot_id");--> statement-breakpoint
CREATE INDEX "experiments_bot" ON "experiments" USING btree ("workspace_id","bot_id");--> statement-breakpoint
CREATE UNIQUE INDEX "experiments_running" ON "experiments" USING btree ("bot_id") WHERE ended_at is null;--> statement-breakpoint
CREATE INDEX "channel_connections_workspace" ON "channel_connections" USING btree ("workspace_id","bot_id");--> statement-breakpoint
CREATE UNIQUE INDEX "channel_inbox_once" ON "channel_inbox" USING btree ("connection_id","message_id");--> statement-breakpoint
CREATE INDEX "channel_inbox_open" ON "channel_inbox" USING btree ("connection_id","sender","pos") WHERE "channel_inbox"."handled_at" is null;--> statement-breakpoint
CREATE INDEX "channel_inbox_age" ON "channel_inbox" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "channel_threads_conversation" ON "channel_threads" USING btree ("conversation_id");--> statement-breakpoint
CREATE INDEX "canned_replies_workspace" ON "canned_replies" USING btree ("workspace_id");--> statement-breakpoint
CREATE INDEX "conversation_notes_conversation" ON "conversation_notes" USING btree ("conversation_id");--> statement-breakpoint
CREATE INDEX "conversation_ratings_bot" ON "conversation_ratings" USING btree ("workspace_id","bot_id","at");--> statement-breakpoint
CREATE INDEX "conversations_bot" ON "conversations" USING btree ("workspace_id","bot_id");--> statement-breakpoint
CREATE INDEX "conversations_status" ON "conversations" USING btree ("workspace_id","status","created_at");--> statement-breakpoint
CREATE INDEX "conversations_created" ON "conversations" USING btree ("workspace_id","created_at");--> statement-breakpoint
CREATE INDEX "conversations_experiment" ON "conversations" USING btree ("experiment") WHERE experiment is not null;--> statement-breakpoint
CREATE INDEX "handoffs_workspace" ON "handoffs" USING btree ("workspace_id","status");--> statement-breakpoint
CREATE INDEX "handoffs_conversation" ON "handoffs" USING btree ("conversation_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "messages_once" ON "messages" USING btree ("conversation_id","id");--> statement-breakpoint
CREATE INDEX "outbox_delivered" ON "outbox" USING btree ("delivered_at");--> statement-breakpoint
CREATE INDEX "visitor_files_conversation" ON "visitor_files" USING btree ("conversation_id");--> statement-breakpoint
CREATE UNIQUE INDEX "visitors_person" ON "visitors" USING btree ("workspace_id","external_id","bot_id");--> statement-breakpoint
CREATE INDEX "events_topic" ON "events" USING btree ("topic","seq");--> statement-breakpoint
CREATE INDEX "conversation_days_bot" ON "conversation_days" USING btree ("workspace_id","bot_id","day");--> statement-breakpoint
CREATE INDEX "conversation_facts_stopped" ON "conversation_facts" USING btree ("workspace_id","bot_id","stopped_at");--> statement-breakpoint
CREATE INDEX "runs_bot" ON "runs" USING btree ("workspace_id","bot_id","started_at");--> statement-breakpoint
CREATE INDEX "runs_status" ON "runs" USING btree ("status");--> statement-breakpoint
CREATE INDEX "files_workspace" ON "files" USING btree ("workspace_id");--> statement-breakpoint
CREATE INDEX "set_label_steps_set" ON "set_label_steps" USING btree ("set_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "set_labels_name" ON "set_labels" USING btree ("set_id","name") WHERE merged_into is null;--> statement-breakpoint
CREATE INDEX "set_revisions_hash" ON "set_revisions" USING btree ("set_id","hash");--> statement-breakpoint
CREATE UNIQUE INDEX "set_rows_version" ON "set_rows" USING btree ("set_id","id","since");--> statement-breakpoint
CREATE INDEX "set_rows_position" ON "set_rows" USING btree ("set_id","position");--> statement-breakpoint
CREATE INDEX "set_rows_label" ON "set_rows" USING btree ("set_id","label");--> statement-breakpoint
CREATE INDEX "sets_bot" ON "sets" USING btree ("bot_id");--> statement-breakpoint
CREATE INDEX "data_sources_set" ON "data_sources" USING btree ("set_id");--> statement-breakpoint
CREATE INDEX "data_sources_connection" ON "data_sources" USING btree ("connection_id");--> statement-breakpoint
CREATE INDEX "unanswered_marks_conversation" ON "unanswered_marks" USING btree ("conversation_id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due" ON "webhook_deliveries" USING btree ("next_at") WHERE "webhook_deliveries"."status" = 'waiting';--> statement-breakpoint
CREATE INDEX "webhook_deliveries_before" ON "webhook_deliveries" USING btree ("endpoint_id","conversation_id") WHERE "webhook_deliveries"."status" = 'waiting';--> statement-breakpoint
CREATE INDEX "webhook_deliveries_log" ON "webhook_deliveries" USING btree ("endpoint_id","created_at");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_age" ON "webhook_deliveries" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_conversation" ON "webhook_deliveries" USING btree ("conversation_id");--> statement-breakpoint
CREATE INDEX "webhook_endpoints_workspace" ON "webhook_endpoints" USING btree ("workspace_id");