//! Which job is first in which line.

use crate::schema::{job_queue, turn_waits, turns};
use diesel::dsl::{exists, not};
use diesel::prelude::*;

diesel::alias!(turn_waits as earlier_waits: EarlierWaits);

/// Nobody stands before the job of the outer query in any of its lines.
#[diesel::dsl::auto_type]
pub(crate) fn is_first_everywhere() -> _ {
    let same_scope = earlier_waits.field(turn_waits::scope).eq(turn_waits::scope);
    let earlier = earlier_waits.field(turn_waits::seq).lt(turn_waits::seq);
    not(exists(
        turn_waits::table
            .inner_join(earlier_waits.on(same_scope.and(earlier)))
            .filter(turn_waits::job_id.eq(job_queue::job_id)),
    ))
}

/// The job that stands first in the line of the outer query's turn.
#[diesel::dsl::auto_type]
pub(crate) fn head_of_line() -> _ {
    turn_waits::table
        .filter(turn_waits::scope.eq(turns::scope))
        .select(turn_waits::job_id.nullable())
        .order(turn_waits::seq)
        .limit(1_i64)
        .single_value()
}
