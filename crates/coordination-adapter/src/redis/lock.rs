//! The lock between processes: one key per scope with the holder's token in it, taken and given up
//! by scripts, so that it is always all scopes or none.

use super::commands::Commands;
use super::messages::Origin;
use async_trait::async_trait;
use domain::ports::{CoordinationUnavailable, TeamLock, TeamLockGuard};
use domain::turn::TurnScope;
use redis::{Script, ScriptInvocation};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

const KEY_PREFIX: &str = "windlass:lock:";

/// ARGV: token, milliseconds. 1 when all keys were free and are ours now, else 0 and no change.
static ACQUIRE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "for _, key in ipairs(KEYS) do
           if redis.call('EXISTS', key) == 1 then return 0 end
         end
         for _, key in ipairs(KEYS) do
           redis.call('SET', key, ARGV[1], 'PX', ARGV[2])
         end
         return 1",
    )
});

/// ARGV: token, milliseconds. 1 when all keys are still ours and last longer now, else 0.
static EXTEND: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "for _, key in ipairs(KEYS) do
           if redis.call('GET', key) ~= ARGV[1] then return 0 end
         end
         for _, key in ipairs(KEYS) do
           redis.call('PEXPIRE', key, ARGV[2])
         end
         return 1",
    )
});

/// ARGV: token. Removes those keys that are still ours.
static RELEASE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local removed = 0
         for _, key in ipairs(KEYS) do
           if redis.call('GET', key) == ARGV[1] then removed = removed + redis.call('DEL', key) end
         end
         return removed",
    )
});

/// Hands out locks through Redis.
pub(super) struct RedisTeamLock {
    commands: Arc<Commands>,
}

impl RedisTeamLock {
    pub(super) fn new(commands: Arc<Commands>) -> Self {
        Self { commands }
    }
}

#[async_trait]
impl TeamLock for RedisTeamLock {
    async fn acquire(
        &self,
        scopes: &[TurnScope],
        time_to_live: Duration,
    ) -> Result<Option<Box<dyn TeamLockGuard>>, CoordinationUnavailable> {
        let token = Origin::new().map_err(|error| CoordinationUnavailable(Box::new(error)))?;
        let guard = RedisGuard {
            commands: Arc::clone(&self.commands),
            keys: scopes
                .iter()
                .map(|scope| format!("{KEY_PREFIX}{scope}"))
                .collect(),
            token,
        };
        let mut script = guard.invocation(&ACQUIRE);
        script.arg(milliseconds(time_to_live));
        let taken: bool = self.commands.invoke("lock.acquire", &script).await?;
        if !taken {
            return Ok(None);
        }
        Ok(Some(Box::new(guard)))
    }
}

struct RedisGuard {
    commands: Arc<Commands>,
    keys: Vec<String>,
    token: Origin,
}

impl RedisGuard {
    fn invocation<'script>(&self, script: &'script Script) -> ScriptInvocation<'script> {
        let mut invocation = script.prepare_invoke();
        for key in &self.keys {
            invocation.key(key);
        }
        invocation.arg(self.token.as_str());
        invocation
    }
}

#[async_trait]
impl TeamLockGuard for RedisGuard {
    async fn extend(&self, time_to_live: Duration) -> Result<bool, CoordinationUnavailable> {
        let mut script = self.invocation(&EXTEND);
        script.arg(milliseconds(time_to_live));
        self.commands.invoke("lock.extend", &script).await
    }

    async fn release(self: Box<Self>) {
        let script = self.invocation(&RELEASE);
        // When Redis is away the lock ends by itself, and the outage has been told already.
        drop(self.commands.invoke::<i64>("lock.release", &script).await);
    }
}

/// Redis takes whole milliseconds, at least one.
fn milliseconds(time_to_live: Duration) -> u64 {
    u64::try_from(time_to_live.as_millis())
        .unwrap_or(u64::MAX)
        .max(1)
}
