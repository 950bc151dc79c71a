//! What every implementation of the store's ports must do, written once against the ports. A test
//! crate of an implementation names a function that opens an empty store, and `store_contracts!`
//! makes a test of every behaviour.

pub mod cancelling;
pub mod claiming;
pub mod environments;
pub mod holding;
pub mod idempotency;
pub mod journal;
pub mod processes;
pub mod reading;
pub mod sessions;
mod store;
pub mod teams;
pub mod turns;
pub mod unit_of_work;

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
            teams {
                a_team_has_a_key
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
                racing_claimers_never_share_a_job_or_a_turn
                the_next_due_time_ignores_jobs_that_wait_for_a_turn
            }
            holding {
                a_lost_hold_writes_nothing
                an_ended_lease_is_taken_over_and_counts_as_a_death
                leases_given_back_count_as_no_death
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
            }
            reading {
                environments_are_paged_by_age_without_the_final_ones
                the_log_is_paged
                a_waiting_job_knows_its_place_and_the_holder
                live_jobs_are_found_by_environment
                the_session_comes_with_the_team_key
                the_store_answers
            }
            processes {
                processes_see_each_other
                processes_that_register_at_once_see_each_other
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
