/*
 * One request to a counterparty, under crashes, slow runners, lost and late messages, and a database that goes back.
 *
 * The intent is durable before the request is sent, with a key that is a function of the stage. The lease is checked
 * before each send, which may still be on its way when the lease is lost. Whoever finds an intent that he has not
 * written just now, and after a restore also whoever writes one, asks the counterparty first. It answers found, absent,
 * or not yet known: it lists an effect some time after it happened, and calls one absent only when nothing can be on
 * its way any more. It does a key once, but remembers keys only for a while: longer than from the decision to send,
 * which the check of the lease keeps fresh, to the arrival. Its notices come once or twice, at any time.
 *
 * A restore puts an earlier state of the database back, fences and leases with it, and raises the incarnation. Runners
 * that were not stopped go on with what they have in memory. The steps within a transaction are those of inbox.pml and
 * barrier.pml; here one is one step.
 *
 * Checked. Always: at most one effect; a notice is applied once; no append is committed under an old fence or in
 * another incarnation, and a stage never goes back. When nothing can move any more: it is settled, with one effect.
 *
 * Mutants:
 *   FENCE_UNCHECKED        a runner that has lost the saga writes
 *   INCARNATION_UNCHECKED  the numbers of leases and fences that were put back are given a second time
 *   KEY_VOLATILE           the key is made anew by whoever acts
 *   KEY_NEXT_ON_UNKNOWN    what is not known counts as refused, and the next key is taken
 *   INTENT_UNWRITTEN       the request is sent before its intent is durable
 *   RESENT_UNASKED         an intent that another has written is sent without asking
 *   RESENT_UNKNOWN         not yet known is taken for absent
 *   RESTORED_UNASKED       a first send after a restore does not ask
 *   LEASE_UNCHECKED        the lease is not checked before the send, which may come when the key is forgotten
 *   NOTICE_TWICE           a notice is not known by its id
 *   KEY_DONE_TWICE         the counterparty does a key as often as it is sent
 */
#ifndef RUNNERS
#define RUNNERS 2
#endif
#ifndef DEATHS
#define DEATHS 1
#endif
#ifndef PAUSES
#define PAUSES 1
#endif
#ifndef RESTORES
#define RESTORES 1
#endif
#ifndef LOSSES
#define LOSSES 1
#endif
#define NOBODY 255
#define KEYS 4

/* The database. */
typedef Database { byte key; byte stage; byte stored; byte applied; byte fence; bool known };
Database now, copy;               /* known: the notice's id is in the inbox */
byte incarnation = 0, holder = NOBODY;

/* The counterparty, by keys. */
byte underway[KEYS];              /* requests that are on their way */
bool did[KEYS], listed[KEYS], remembers[KEYS];
byte effects = 0, notices = 0, nextKey = 1;

byte calling = 0;                 /* runners that have decided to send and have not sent yet */
byte deaths = 0, pauses = 0, restores = 0, losses = 0;
bool abandoned = false;

#ifdef KEY_DONE_TWICE
#define KNOWS(k) false
#else
#define KNOWS(k) remembers[k]
#endif

#define IS_MINE (holder == me && now.fence == mine && incarnation == life)
#ifdef FENCE_UNCHECKED
#define MAY_WRITE true
#elif defined(INCARNATION_UNCHECKED)
#define MAY_WRITE (holder != NOBODY && now.fence == mine)
#else
#define MAY_WRITE IS_MINE
#endif
#ifdef LEASE_UNCHECKED
#define MAY_SEND true
#else
#define MAY_SEND IS_MINE
#endif
#ifdef RESTORED_UNASKED
#define FIRST_IS_ASKED false
#else
#define FIRST_IS_ASKED (life > 0)
#endif

#ifdef LEASE_UNCHECKED
#define DECIDED skip
#define NOT_CALLING skip
#else
#define DECIDED calling++
#define NOT_CALLING calling--
#endif

#define FORGET mine = 0; life = 0; key = 0
#define DIE(before) \
    deaths++; before; if :: IS_MINE -> abandoned = true :: else -> skip fi; FORGET; goto end_idle
#define MAY_DIE if :: atomic { deaths < DEATHS -> DIE(skip) } :: skip fi
/* Every append: it is refused, or written. */
#define CHECK if :: !MAY_WRITE -> FORGET; goto end_idle :: else -> assert(IS_MINE) fi

proctype Runner(byte me) {
    byte mine = 0, life = 0, key = 0;
end_idle:
    do
    :: atomic { holder == NOBODY && now.stage < 2 ->
           holder = me; now.fence++; mine = now.fence; life = incarnation; abandoned = false;
           if
           :: now.stage == 1 -> goto settle
           :: now.stage == 0 && now.key != 0 ->
#ifdef KEY_VOLATILE
              key = nextKey; nextKey++;
#else
              key = now.key;
#endif
#ifdef RESENT_UNASKED
              DECIDED; goto send
#else
              goto ask
#endif
           :: else -> skip
           fi };

       MAY_DIE;
#ifdef INTENT_UNWRITTEN
       atomic { key = 1; if :: FIRST_IS_ASKED -> goto ask :: else -> DECIDED; goto send fi };
#else
       atomic { CHECK;
#ifdef KEY_VOLATILE
           key = nextKey; nextKey++; now.key = key;
#else
           key = 1; now.key = key;
#endif
           if :: FIRST_IS_ASKED -> goto ask :: else -> DECIDED; goto send fi };
#endif

ask:   MAY_DIE;
       if
       :: atomic { did[key] && listed[key] -> goto record }
       :: atomic { !did[key] && underway[key] == 0 -> DECIDED; goto send }
#ifdef RESENT_UNKNOWN
       :: atomic { (did[key] && !listed[key]) || underway[key] > 0 -> DECIDED; goto send }
#endif
#ifdef KEY_NEXT_ON_UNKNOWN
       :: atomic { key + 1 < KEYS && ((did[key] && !listed[key]) || underway[key] > 0) ->
              CHECK; key++; now.key = key; DECIDED; goto send }
#endif
       fi;

send:  if
       :: atomic { deaths < DEATHS -> DIE(NOT_CALLING) }
       :: atomic { MAY_SEND }
       :: atomic { !MAY_SEND -> NOT_CALLING; FORGET; goto end_idle }
       fi;
       /* Here it may stand still, and be overtaken. */
       atomic { NOT_CALLING;
           underway[key]++ };
       if
       :: atomic { did[key] -> skip }   /* the answer */
       :: goto ask                      /* none came in time */
       fi;

record: MAY_DIE;
       atomic { CHECK;
#ifdef INTENT_UNWRITTEN
           now.key = key;
#endif
           assert(now.stage <= 1); now.stage = 1 };

settle: MAY_DIE;
       if
       :: atomic { now.stored > 0 -> CHECK; now.applied = now.applied + now.stored; now.stored = 0;
              assert(now.applied <= 1); now.stage = 2 }
       :: atomic { now.key != 0 && did[now.key] && listed[now.key] -> CHECK; now.stage = 2 }
       :: atomic { !IS_MINE -> skip }
       fi;
       atomic { if :: IS_MINE -> holder = NOBODY :: else -> skip fi; FORGET }

    /* The saga is taken over from a runner that is dead, or slow. */
    :: atomic { holder != NOBODY && holder != me && abandoned -> holder = NOBODY; abandoned = false }
    :: atomic { holder == me && abandoned -> holder = NOBODY; abandoned = false }
    :: atomic { holder != NOBODY && holder != me && !abandoned && pauses < PAUSES -> pauses++; holder = NOBODY }
    od
}

#define ARRIVES(k) \
    atomic { underway[k] > 0 -> underway[k]--; \
        if \
        :: KNOWS(k) -> skip \
        :: else -> effects++; assert(effects <= 1); did[k] = true; remembers[k] = true; \
           if :: notices = 1 :: notices = 2 fi \
        fi }
#define IS_LOST(k) atomic { underway[k] > 0 && losses < LOSSES -> losses++; underway[k]-- }
#define IS_LISTED(k) atomic { did[k] && !listed[k] -> listed[k] = true }
#define IS_FORGOTTEN(k) atomic { remembers[k] && underway[k] == 0 && calling == 0 -> remembers[k] = false }

proctype Counterparty() {
end_idle:
    do
    :: ARRIVES(1) :: IS_LOST(1) :: IS_LISTED(1) :: IS_FORGOTTEN(1)
#if defined(KEY_VOLATILE) || defined(KEY_NEXT_ON_UNKNOWN)
    :: ARRIVES(2) :: IS_LOST(2) :: IS_LISTED(2) :: IS_FORGOTTEN(2)
    :: ARRIVES(3) :: IS_LOST(3) :: IS_LISTED(3) :: IS_FORGOTTEN(3)
#endif
    :: atomic { notices > 0 -> notices--;
           if
#ifndef NOTICE_TWICE
           :: now.known -> skip
#endif
           :: else -> now.known = true; now.stored++
           fi }
    od
}

#define COPY(from, to) \
    to.key = from.key; to.stage = from.stage; to.stored = from.stored; to.applied = from.applied; \
    to.fence = from.fence; to.known = from.known
#define RESTORE restores++; incarnation++; COPY(copy, now); holder = NOBODY; abandoned = false

proctype Operator() {
    atomic { COPY(now, copy) };
end_idle:
    do
    :: atomic { restores < RESTORES && now.key > 0 -> RESTORE }
    od
}

init {
    atomic {
        byte i;
        for (i : 0 .. RUNNERS - 1) { run Runner(i) }
        run Counterparty();
        run Operator();
        i = 0
    }
    timeout;
    assert(now.stage == 2 && effects == 1)
}
