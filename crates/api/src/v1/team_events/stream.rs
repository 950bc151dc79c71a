//! The events of a team as a stream without an end.

use super::EventView;
use crate::event_stream::{NextRead, StreamSource};
use crate::problem::Problem;
use crate::request::Caller;
use crate::state::ApiState;
use axum::response::sse::Event;
use domain::access::Permission;
use domain::ids::TeamId;
use domain::limits::PAGE_SIZE_MAX;
use domain::page::PageRequest;
use domain::ports::{EventSubscription, TeamEventFilter};
use std::collections::VecDeque;
use std::time::Duration;

/// Which events, and after which of them.
pub(super) struct EventFollower {
    pub(super) team: TeamId,
    pub(super) filter: TeamEventFilter,
    pub(super) after: i64,
}

impl StreamSource for EventFollower {
    const PERMISSION: Permission = Permission::EventView;
    const NAME: &'static str = "events";

    async fn read(
        &mut self,
        state: &ApiState,
        caller: &Caller,
        ready: &mut VecDeque<Event>,
    ) -> Result<NextRead, Problem> {
        let page = PageRequest::new(PAGE_SIZE_MAX, Some(self.after));
        let use_case = &state.use_cases.list_team_events;
        let page = use_case
            .run(&caller.actor, self.team, self.filter, page)
            .await?;
        for event in page.items {
            self.after = event.sequence;
            let view = EventView::from(event);
            let event = Event::default()
                .id(view.sequence.to_string())
                .event(view.event_type)
                .json_data(view)
                .expect("an event is made of texts and numbers");
            ready.push_back(event);
        }
        Ok(if page.next_after.is_some() {
            NextRead::AtOnce
        } else {
            NextRead::OnChange
        })
    }

    async fn changed(&self, subscription: &mut dyn EventSubscription, at_most: Duration) {
        subscription.team_changed(self.team, at_most).await;
    }
}
