//! What every implementation of the store's ports must do, written once against the ports. A test
//! crate of an implementation names a function that opens an empty store, and `store_contracts!`
//! makes a test of every behaviour.

pub mod access;
pub mod api_tokens;
pub mod audit;
pub mod backlog;
pub mod cancelling;
pub mod claiming;
pub mod environments;
pub mod holding;
pub mod idempotency;
pub mod invitations;
pub mod journal;
pub mod keys;
pub mod login_throttle;
pub mod memberships;
pub mod pauses;
pub mod people;
pub mod processes;
pub mod reading;
pub mod reopening;
pub mod retention;
pub mod revoking;
pub mod roles;
pub mod rooms;
pub mod sessions;
pub mod statistics;
mod store;
pub mod syncing;
pub mod team_events;
pub mod teams;
pub mod turns;
pub mod unit_of_work;
pub mod user_sessions;
pub mod webhooks;

pub use store::Store;

/// Makes a test of every behaviour. `$open` is an async function that gives a [`Store`] and
/// something to keep while it is used.
#[macro_export]
macro_rules! store_contracts {
    ($open:path) => {
        $crate::store_contracts! { $open;
            unit_of_work {
                committed_rows_are_found
                a_dropped_transaction_leaves_nothing
                a_transaction_dropped_in_the_middle_of_a_statement_leaves_nothing
                a_failed_statement_loses_the_transaction
                units_of_work_at_once_succeed_or_fail_each_for_itself
            }
            pauses {
                a_pause_of_a_team_lasts_until_it_is_ended
                a_pause_of_a_platform_is_about_the_teams_with_an_account_there
            }
            retention {
                a_finished_job_goes_with_everything_and_others_stay
                a_settled_request_is_forgotten_and_its_job_stays
                a_purge_goes_in_batches
                scheduled_syncs_and_closed_findings_go_apart_from_other_jobs
                what_has_expired_goes_and_what_lives_stays
                what_was_not_answered_goes_when_its_time_is_over
                counters_of_attempts_go_when_their_window_is_old
            }
            people {
                a_person_is_read_as_they_were_written
                an_address_that_is_taken_is_a_conflict
                an_update_of_a_person_needs_the_version_that_was_read
                a_recovery_code_is_good_once
                a_link_is_good_once_for_its_purpose
                a_second_factor_is_set_up_and_confirmed
            }
            user_sessions {
                a_rotated_session_has_another_token
                a_session_is_ended_once_by_its_person
                the_last_use_of_a_session_only_rises
                the_other_sessions_of_a_person_are_ended_together
            }
            login_throttle {
                attempts_above_the_limit_have_to_wait
                attempts_at_once_all_count
                a_window_ends
            }
            teams {
                a_team_has_a_key
                a_team_has_its_built_in_roles
                a_team_is_renamed_and_suspended
                a_deleted_team_is_not_found
                a_deleted_team_keeps_nothing_that_opens_anything
                the_teams_of_a_person_are_paged
                the_first_step_of_a_deletion_waits
                an_offer_of_ownership_waits_and_goes_once
                a_team_has_one_owner
            }
            roles {
                a_custom_role_is_made_and_changed
                a_name_of_a_role_is_taken_once_in_its_team
                a_built_in_role_cannot_be_changed
                a_role_in_use_cannot_be_deleted
            }
            memberships {
                members_are_seen_with_their_role
                a_person_is_a_member_once
                a_member_gets_another_role
                who_is_removed_loses_their_tokens
                owned_teams_are_counted
            }
            invitations {
                an_invitation_is_accepted_once
                an_invitation_is_revoked
                open_invitations_are_listed_and_counted
            }
            api_tokens {
                a_token_is_found_by_one_of_its_hashes
                a_token_hash_is_unique
                a_token_is_revoked_once
                the_use_of_a_token_is_noted
                tokens_of_a_team_are_listed_and_counted
            }
            keys {
                keys_under_an_old_master_key_are_found_and_replaced
                keys_are_counted_by_their_master_key
                hashes_are_counted_by_their_pepper
            }
            access {
                a_session_gives_the_rights_of_its_person
                a_token_gives_the_rights_of_its_maker_in_its_team
                a_person_has_rights_without_a_credential
                the_state_of_the_team_comes_along
                a_custom_role_gives_what_it_says
                rights_are_held_by_many_at_once
            }
            revoking {
                no_step_starts_after_the_revocation_commits
            }
            audit {
                lines_are_read_as_they_were_written
                the_system_has_a_trail_of_its_own
                a_chain_holds_under_many_writers
                lines_are_filtered_newest_first
            }
            environments {
                an_environment_is_read_as_it_was_written
                an_update_needs_the_version_that_was_read
                a_living_name_is_taken_and_a_final_one_is_free
                a_short_domain_is_taken_for_ever
                known_nodes_keep_their_ids
                installations_are_listed_oldest_first_and_removed
                another_team_sees_nothing
            }
            sessions {
                an_account_is_read_as_it_was_written
                a_second_account_of_a_team_is_a_conflict
                of_sixteen_that_renew_at_once_one_signs_in
                who_is_late_gets_the_newer_session
                a_session_of_an_older_generation_or_credential_is_refused
                an_abandoned_or_expired_renewal_can_be_begun_again
                a_new_credential_drops_the_session
                a_disconnected_account_keeps_no_credential
                only_the_refused_credential_is_marked
            }
            idempotency {
                a_request_is_remembered_under_its_scope_only
                a_key_that_is_taken_is_a_conflict
            }
            claiming {
                a_claimed_job_runs_under_a_raised_fence
                jobs_of_one_turn_are_claimed_in_their_order
                a_job_of_two_turns_waits_for_both
                kinds_and_versions_that_are_not_known_are_left_alone
                the_limit_is_kept
                a_team_that_asks_for_much_keeps_nobody_waiting
                racing_claimers_never_share_a_job_or_a_turn
                the_next_due_time_ignores_jobs_that_wait_for_a_turn
            }
            rooms {
                a_team_gets_the_rooms_that_there_are_and_keeps_nobody_waiting
                a_platform_gets_the_rooms_that_there_are_and_keeps_no_other_waiting
                a_job_that_was_given_back_takes_no_room
                a_job_whose_holder_died_keeps_its_room_and_is_taken_over
                jobs_of_the_background_leave_places_to_others
                the_background_leaves_rooms_of_a_team_to_others
                the_background_leaves_rooms_of_a_platform_to_others
                racing_claimers_never_hold_more_than_the_rooms
            }
            holding {
                a_lost_hold_writes_nothing
                an_ended_lease_is_taken_over_and_counts_as_a_death
                leases_given_back_count_as_no_death
                a_job_that_is_handed_back_is_due_later_and_nobody_died
                leases_are_renewed_for_the_named_jobs_only
                progress_resets_the_count_of_deaths
            }
            turns {
                giving_back_keeps_the_turns
                coming_to_rest_frees_turns_and_queue_at_once
                rest_that_is_rolled_back_frees_nothing
                needs_attention_frees_the_turns
            }
            journal {
                attempts_are_numbered_and_settled
                what_is_settled_stays_settled
                ten_thousand_attempts_load_whole
                the_log_has_no_gap
                progress_never_falls
                a_failure_is_kept_until_the_end
                an_impossible_event_is_refused
            }
            cancelling {
                a_job_that_never_began_is_cancelled_at_once
                a_job_that_began_is_asked_to_stop
                a_job_at_rest_is_too_late
                no_forward_step_starts_after_the_wish
                a_parked_job_becomes_due_by_the_wish
                a_step_without_a_way_back_is_too_late
            }
            backlog {
                a_backlog_is_full_with_the_last_job_that_there_may_be
            }
            reopening {
                a_reopened_job_goes_on_above_its_last_fence
                a_reopened_job_stands_at_the_end_of_its_lines
                a_reopened_cancellation_is_one_still
                a_job_reopened_past_its_pivot_cannot_be_cancelled
                only_one_decision_counts
                a_closed_job_has_failed_for_good
                a_verdict_is_written_to_an_open_attempt
                jobs_are_listed_across_teams_newest_first
            }
            reading {
                environments_are_found_by_what_they_are_and_are_called
                environments_are_paged_by_age_without_the_final_ones
                the_log_is_paged
                a_waiting_job_knows_its_place_and_the_holder
                live_jobs_are_found_by_environment
                the_session_comes_with_the_team_key
                the_store_answers
            }
            syncing {
                a_new_account_is_due_for_a_sync
                a_team_has_one_sync_at_a_time
                a_sync_is_brought_forward_unless_one_has_just_ended
                what_a_job_works_on_cannot_be_locked_as_idle
                no_job_is_accepted_about_what_is_locked_as_idle
                what_was_seen_unchanged_has_a_new_time_and_no_new_version
                a_finding_is_confirmed_and_closed
                what_is_gone_is_found_by_its_name_on_the_platform
            }
            team_events {
                what_happens_to_jobs_is_told_in_order
                a_job_begins_once_in_the_feed
                a_dropped_transaction_tells_nothing
                changes_of_environments_are_told
                findings_and_accounts_are_told
                a_feed_is_filtered
                a_reader_that_follows_misses_nothing
                old_events_go_and_numbers_go_on
            }
            webhooks {
                a_webhook_is_read_as_it_was_written
                webhooks_of_a_team_are_listed_and_deleted
                a_webhook_is_behind_until_it_was_told
                due_messages_are_taken_once_and_not_all_of_one_webhook
                takers_at_once_share_the_messages
                the_end_of_an_attempt_is_stored
                messages_of_a_webhook_are_listed
                a_webhook_is_turned_off_once
                old_messages_go_when_they_have_ended
                messages_that_wait_are_counted
            }
            statistics {
                jobs_are_counted_by_state
                only_a_job_that_could_be_taken_makes_the_queue_old
                the_oldest_sync_of_a_connected_account_counts
            }
            processes {
                processes_see_each_other
                processes_that_register_at_once_see_each_other
                the_keys_of_living_processes_are_known
                who_left_or_died_is_not_seen
            }
        }
    };
    ($open:path; $($area:ident { $($behaviour:ident)* })*) => {
        $(mod $area {
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $behaviour() {
                    let (store, _kept) = $open().await;
                    $crate::contracts::$area::$behaviour(&store).await;
                }
            )*
        })*
    };
}
