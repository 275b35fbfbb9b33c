#include "tests/case/bad_cases.hpp"

namespace faultline::test {

// clang-format off
const std::vector<BadCase>& bad_cases() {
  using enum Schema;
  static const std::vector<BadCase> list{
      {"title_missing", refuses, R"(about = "client"
level = "must"
spec = ["x"]
)" + connect + expect,
R"(x.toml:1:1: error: 'title' is missing
about = "client"
^)"},
      {"title_empty", refuses, R"(title = ""
about = "client"
level = "must"
spec = ["x"]
)" + connect + expect,
R"(x.toml:1:9: error: expected one line of text, of 1 to 200 bytes
title = ""
        ^)"},
      {"title_misspelt", refuses, R"(titel = "x"
about = "client"
level = "must"
spec = ["x"]
)" + connect + expect,
R"(x.toml:1:1: error: unknown key 'titel' (did you mean 'title'?)
titel = "x"
^)"},
      {"about_unknown", refuses, R"(title = "x"
about = "cleint"
level = "must"
spec = ["x"]
)" + connect + expect,
R"(x.toml:2:9: error: unknown end 'cleint' (did you mean 'client'?)
about = "cleint"
        ^)"},
      {"level_unknown", refuses, R"(title = "x"
about = "both"
level = "shall"
spec = ["x"]
)" + connect + expect,
R"(x.toml:3:9: error: unknown level 'shall' (did you mean 'should'?)
level = "shall"
        ^)"},
      {"spec_empty", refuses, R"(title = "x"
about = "both"
level = "may"
spec = []
)" + connect + expect,
R"(x.toml:4:8: error: 'spec' is empty
spec = []
       ^)"},
      {"spec_is_a_string", refuses, R"(title = "x"
about = "both"
level = "may"
spec = "RFC 9293"
)" + connect + expect,
R"(x.toml:4:8: error: expected an array, got a string
spec = "RFC 9293"
       ^)"},
      {"families_twice", refuses, head + R"(families = ["ipv4", "ipv4"]
)" + connect + expect,
R"(x.toml:5:21: error: 'ipv4' is given twice
families = ["ipv4", "ipv4"]
                    ^)"},
      {"slow_is_a_number", refuses, head + R"(slow = 1
)" + connect + expect,
R"(x.toml:5:8: error: expected true or false, got an integer
slow = 1
       ^)"},
      {"families_unknown", refuses, head + R"(families = ["ipv5"]
)" + connect + expect,
R"(x.toml:5:13: error: unknown family 'ipv5' (did you mean 'ipv4'?)
families = ["ipv5"]
            ^)"},
      {"date", refuses, head + R"(claims = [1979-05-27]
)" + connect + expect,
R"(x.toml:5:11: error: a case has no dates and times of day; a duration is a string like "5s"
claims = [1979-05-27]
          ^)"},
      {"unknown_table", refuses, head + R"([cleint]
listen = true
)" + connect + expect,
R"(x.toml:5:2: error: unknown key 'cleint' (did you mean 'client'?)
[cleint]
 ^)"},
      {"sysctl_outside_net", refuses, head + R"([client]
sysctl = { "kernel.panic" = 1 }
)" + connect + expect,
R"(x.toml:6:12: error: 'kernel.panic' is not below net: a case sets only what belongs to a network namespace
sysctl = { "kernel.panic" = 1 }
           ^)"},
      {"sysctl_with_slashes", refuses, head + R"([client]
sysctl = { "net/ipv4/tcp_sack" = 1 }
)" + connect + expect,
R"(x.toml:6:12: error: 'net/ipv4/tcp_sack' is no sysctl: write dots, not slashes
sysctl = { "net/ipv4/tcp_sack" = 1 }
           ^)"},
      {"sysctl_that_climbs", refuses, head + R"([client]
sysctl = { "net..ipv4" = 1 }
)" + connect + expect,
R"(x.toml:6:12: error: 'net..ipv4' is no sysctl: write a name below net.ipv4 like tcp_syn_retries, or a full one like "net.core.somaxconn"
sysctl = { "net..ipv4" = 1 }
           ^)"},
      {"sysctl_boolean", refuses, head + R"([server]
sysctl = { tcp_sack = true }
)" + connect + expect,
R"(x.toml:6:23: error: expected an integer or a string, got a boolean
sysctl = { tcp_sack = true }
                      ^)"},
      {"sysctl_twice", cannot_see, head + R"([server]
sysctl = { tcp_sack = 0, net.ipv4.tcp_sack = 1 }
)" + connect + expect,
R"(x.toml:6:12: error: 'tcp_sack' is given twice
sysctl = { tcp_sack = 0, net.ipv4.tcp_sack = 1 }
           ^)"},
      {"option_unknown", refuses, head + R"([client]
options = { TCP_USERTIMEOUT = 5000 }
)" + connect + expect,
R"(x.toml:6:13: error: unknown key 'TCP_USERTIMEOUT' (did you mean 'TCP_USER_TIMEOUT'?)
options = { TCP_USERTIMEOUT = 5000 }
            ^)"},
      {"backlog_too_large", refuses, head + R"([server]
backlog = 70000
)" + connect + expect,
R"(x.toml:6:11: error: 70000 is out of range: it can be 0 to 65535
backlog = 70000
          ^)"},
      {"rule_without_match", refuses, head + R"([[rule]]
drop = "all"
)" + connect + expect,
R"(x.toml:5:1: error: 'match' is missing
[[rule]]
^)"},
      {"rule_without_fault", refuses, head + R"([[rule]]
match = { flags = "SYN" }
)" + connect + expect,
R"(x.toml:5:1: error: a rule needs a fault: one of pass, drop, delay, hold, duplicate, unplug, corrupt, truncate, edit, forge, icmp, limit, shift, loss
[[rule]]
^)"},
      {"rule_with_two_faults", refuses, head + R"([[rule]]
match = { flags = "SYN" }
drop = 1
delay = "1s"
)" + connect + expect,
R"(x.toml:8:1: error: 'drop' and 'delay' in one rule: a rule has one fault
delay = "1s"
^)"},
      {"rule_with_unknown_fault", refuses, head + R"([[rule]]
match = { flags = "SYN" }
dorp = 1
)" + connect + expect,
R"(x.toml:7:1: error: unknown key 'dorp' (did you mean 'drop'?)
dorp = 1
^)"},
      {"rule_counts_twice", refuses, head + R"([[rule]]
match = { flags = "SYN", nth = 2 }
drop = 1
)" + connect + expect,
R"(x.toml:7:8: error: 'drop' says which matches; match.nth says so already
drop = 1
       ^)"},
      {"rule_counts_from_zero", refuses, head + R"([[rule]]
match = { flags = "SYN" }
drop = [1, 0]
)" + connect + expect,
R"(x.toml:7:12: error: can never match: counting starts at 1
drop = [1, 0]
           ^)"},
      {"rule_parameter_wrong", refuses, head + R"([[rule]]
match = { flags = "SYN" }
delay = 5
)" + connect + expect,
R"(x.toml:7:9: error: an integer is not a duration; write one like "63s", "200ms" or "2min"
delay = 5
        ^)"},
      {"rule_parameter_table_wrong", refuses, head + R"([[rule]]
match = { flags = "SYN" }
hold = { passed = 1, untill = { flags = "ACK" } }
)" + connect + expect,
R"(x.toml:7:22: error: unknown key 'untill' (did you mean 'until'?)
hold = { passed = 1, untill = { flags = "ACK" } }
                     ^)"},
      {"rules_named_alike", cannot_see, head + R"([[rule]]
name = "rule-2"
match = { flags = "SYN" }
drop = 1
[[rule]]
match = { flags = "FIN" }
drop = 1
)" + connect + expect,
R"(x.toml:9:1: error: two rules are named 'rule-2'
[[rule]]
^)"},
      {"selector_key_unknown", refuses, head + R"([[rule]]
match = { from = "client", flag = "SYN" }
drop = 1
)" + connect + expect,
R"(x.toml:6:28: error: unknown key 'flag' (did you mean 'flags'?)
match = { from = "client", flag = "SYN" }
                           ^)"},
      {"selector_flags_unknown", refuses, head + R"([[rule]]
match = { flags = "SYNACK" }
drop = 1
)" + connect + expect,
R"(x.toml:6:19: error: 'SYNACK' are not flags; write "SYN", "SYN ACK" or "none", of SYN FIN RST PSH ACK URG ECE CWR AE
match = { flags = "SYNACK" }
                  ^)"},
      {"selector_end_unknown", refuses, head + R"([[rule]]
match = { from = "sever" }
drop = 1
)" + connect + expect,
R"(x.toml:6:18: error: unknown end 'sever' (did you mean 'server'?)
match = { from = "sever" }
                 ^)"},
      {"selector_contradicts_itself", cannot_see, head + R"([[rule]]
match = { flags = "SYN", has = "ACK" }
drop = 1
)" + connect + expect,
R"(x.toml:6:9: error: can never match: exactly SYN has no ACK
match = { flags = "SYN", has = "ACK" }
        ^)"},
      {"selector_state_unknown", refuses, head + R"([[rule]]
match = { while = { client = "FIN_WAIT1" } }
drop = 1
)" + connect + expect,
R"(x.toml:6:30: error: unknown state 'FIN_WAIT1' (did you mean 'FIN_WAIT_1'?)
match = { while = { client = "FIN_WAIT1" } }
                             ^)"},
      {"selector_range_backwards", cannot_see, head + R"([[rule]]
match = { payload = "9-3" }
drop = 1
)" + connect + expect,
R"(x.toml:6:21: error: expected a number, or a range like "2-4" or "5+"
match = { payload = "9-3" }
                    ^)"},
      {"selector_range_negative", refuses, head + R"([[rule]]
match = { seq = -5 }
drop = 1
)" + connect + expect,
R"(x.toml:6:17: error: a count or range is never negative
match = { seq = -5 }
                ^)"},
      {"selector_connection_unknown", cannot_see, head + R"([[rule]]
match = { connection = "mian" }
drop = 1
)" + connect + expect,
R"(x.toml:6:24: error: no connect step has a socket 'mian', so no connection has that name (did you mean 'main'?)
match = { connection = "mian" }
                       ^)"},
      {"no_steps", refuses, head + expect,
R"(x.toml:1:1: error: a case needs at least one [[step]]
title = "A case"
^)"},
      {"step_without_verb", refuses, head + R"([[step]]
name = "x"
)" + expect,
R"(x.toml:5:1: error: a step is one of client = CALL, server = CALL, wait = …, link = "unplug", forge = …, icmp = …; this has none
[[step]]
^)"},
      {"step_with_two_verbs", refuses, head + R"([[step]]
client = "connect"
server = "accept"
)" + expect,
R"(x.toml:5:1: error: a step is one of client = CALL, server = CALL, wait = …, link = "unplug", forge = …, icmp = …; this has client and server
[[step]]
^)"},
      {"call_unknown", refuses, head + R"([[step]]
client = "conect"
)" + expect,
R"(x.toml:6:10: error: unknown call 'conect' (did you mean 'connect'?)
client = "conect"
         ^)"},
      {"call_key_unknown", refuses, head + connect + R"(scoket = "x"
)" + expect,
R"(x.toml:7:1: error: unknown key 'scoket' (did you mean 'socket'?)
scoket = "x"
^)"},
      {"call_key_of_another_call", refuses, head + connect + R"([[step]]
client = "close"
bytes = 100
)" + expect,
R"(x.toml:9:1: error: 'bytes' says nothing about close
bytes = 100
^)"},
      {"send_without_bytes", refuses, head + connect + R"([[step]]
client = "send"
)" + expect,
R"(x.toml:7:1: error: send needs 'bytes'
[[step]]
^)"},
      {"send_negative", refuses, head + connect + R"([[step]]
client = "send"
bytes = -1
)" + expect,
R"(x.toml:9:9: error: -1 is out of range: it can be 1 to 1073741824
bytes = -1
        ^)"},
      {"shutdown_how_unknown", refuses, head + connect + R"([[step]]
client = "shutdown"
how = "wr"
)" + expect,
R"(x.toml:9:7: error: unknown way to shut down 'wr'; known: read, write, both
how = "wr"
      ^)"},
      {"set_what_can_only_be_read", refuses, head + connect + R"([[step]]
client = "setsockopt"
option = "TCP_INFO"
value = 1
)" + expect,
R"(x.toml:9:10: error: TCP_INFO can be read, not set
option = "TCP_INFO"
         ^)"},
      {"info_without_field", cannot_see, head + connect + R"([[step]]
client = "getsockopt"
option = "TCP_INFO"
)" + expect,
R"(x.toml:9:10: error: TCP_INFO needs a 'field' like "tcpi_rto"
option = "TCP_INFO"
         ^)"},
      {"errno_unknown", refuses, head + connect + R"(fails = "ETIMEOUT"
)",
R"(x.toml:7:9: error: unknown errno 'ETIMEOUT' (did you mean 'ETIMEDOUT'?)
fails = "ETIMEOUT"
        ^)"},
      {"fails_and_returns", cannot_see, head + connect + R"([[step]]
client = "send"
bytes = 10
fails = "EPIPE"
returns = 10
)",
R"(x.toml:11:1: error: 'fails' and 'returns' in one call: which of them?
returns = 10
^)"},
      {"takes_negative", refuses, head + connect + R"(takes = "-63s"
)",
R"(x.toml:7:9: error: '-63s' is not a duration; write one like "63s", "200ms" or "2min"
takes = "-63s"
        ^)"},
      {"takes_number", refuses, head + connect + R"(takes = 63
)",
R"(x.toml:7:9: error: expected a time like "63s", "1s+2s+4s", "timer:connect" or { min = "5s", max = "6s" }, got an integer
takes = 63
        ^)"},
      {"takes_backwards", cannot_see, head + connect + R"(takes = { min = "6s", max = "5s" }
)",
R"(x.toml:7:17: error: min 6s is more than max 5s
takes = { min = "6s", max = "5s" }
                ^)"},
      {"takes_unknown_timer", refuses, head + connect + R"(takes = "timer:conect"
)",
R"(x.toml:7:9: error: unknown timer 'conect' (did you mean 'connect'?)
takes = "timer:conect"
        ^)"},
      {"socket_never_opened", cannot_see, head + connect + R"([[step]]
client = "send"
socket = "man"
bytes = 1
)" + expect,
R"(x.toml:8:10: error: no socket 'man' is open at the client by now (did you mean 'main'?)
client = "send"
         ^)"},
      {"socket_name_bad", refuses, head + connect + R"(socket = "a b"
)" + expect,
R"(x.toml:7:10: error: 'a b' is no name: write letters, digits, '-', '_' and '.', at most 64 of them
socket = "a b"
         ^)"},
      {"accept_where_nothing_listens", cannot_see, head + R"([server]
listen = false
[[step]]
server = "accept"
)" + connect + expect,
R"(x.toml:8:10: error: nothing listens at the server: say [server] listen = true, or listen first
server = "accept"
         ^)"},
      {"accept_twice_by_one_name", cannot_see, head + R"([[step]]
server = "accept"
background = true
[[step]]
server = "accept"
)" + connect + expect,
R"(x.toml:9:10: error: the server has a socket 'main' already: give the accepted one another name
server = "accept"
         ^)"},
      {"wait_number", refuses, head + connect + R"([[step]]
wait = 60
)" + expect,
R"(x.toml:8:8: error: an integer is not a duration; write one like "63s", "200ms" or "2min"
wait = 60
       ^)"},
      {"wait_for_two", refuses, head + connect + R"([[step]]
wait = { client = "TIME_WAIT", server = "CLOSED" }
)" + expect,
R"(x.toml:8:8: error: wait for one of { client = STATE }, { server = STATE }, { segment = SELECTOR }, { call = STEP }
wait = { client = "TIME_WAIT", server = "CLOSED" }
       ^)"},
      {"wait_state_unknown", refuses, head + connect + R"([[step]]
wait = { client = ["TIME_WIAT"] }
)" + expect,
R"(x.toml:8:20: error: unknown state 'TIME_WIAT' (did you mean 'TIME_WAIT'?)
wait = { client = ["TIME_WIAT"] }
                   ^)"},
      {"wait_within_a_time", cannot_see, head + connect + R"([[step]]
wait = "60ms"
within = "1s"
)" + expect,
R"(x.toml:9:1: error: 'within' bounds a wait for something, not for a time
within = "1s"
^)"},
      {"wait_for_call_unknown", cannot_see, head + connect + R"(name = "dial"
background = true
[[step]]
wait = { call = "dail" }
)" + expect,
R"(x.toml:10:17: error: no step is named 'dail' (did you mean 'dial'?)
wait = { call = "dail" }
                ^)"},
      {"wait_for_call_not_in_background", cannot_see, head + connect + R"(name = "dial"
[[step]]
wait = { call = "dial" }
)" + expect,
R"(x.toml:9:17: error: step 'dial' does not run in the background: it is over before the next step begins
wait = { call = "dial" }
                ^)"},
      {"wait_for_later_call", cannot_see, head + R"([[step]]
wait = { call = "dial" }
)" + connect + R"(name = "dial"
background = true
)" + expect,
R"(x.toml:6:17: error: step 'dial' comes later than this wait
wait = { call = "dial" }
                ^)"},
      {"within_without_wait", refuses, head + connect + R"(within = "5s"
)" + expect,
R"(x.toml:7:1: error: 'within' goes with 'wait'
within = "5s"
^)"},
      {"link_unknown", refuses, head + connect + R"([[step]]
link = "unplugged"
)" + expect,
R"(x.toml:8:8: error: unknown link step 'unplugged' (did you mean 'unplug'?)
link = "unplugged"
       ^)"},
      {"link_with_call_key", refuses, head + connect + R"([[step]]
link = "plug"
takes = "1s"
)" + expect,
R"(x.toml:9:1: error: 'takes' says nothing about the link
takes = "1s"
^)"},
      {"steps_named_alike", cannot_see, head + connect + R"(name = "a"
[[step]]
name = "a"
client = "close"
)" + expect,
R"(x.toml:9:8: error: two steps are named 'a'
name = "a"
       ^)"},
      {"nothing_expected", cannot_see, head + connect,
R"(x.toml:1:1: error: nothing is expected: give [expect], or 'fails', 'returns' or 'takes' with a step
title = "A case"
^)"},
      {"expect_unknown", refuses, head + connect + R"([expect]
state.client = ["SYN_SENT"]
)",
R"(x.toml:8:1: error: unknown key 'state' (did you mean 'states'?)
state.client = ["SYN_SENT"]
^)"},
      {"states_end_unknown", refuses, head + connect + R"([expect]
states.clint = ["SYN_SENT"]
)",
R"(x.toml:8:8: error: unknown end 'clint' (did you mean 'client'?)
states.clint = ["SYN_SENT"]
       ^)"},
      {"states_misspelt", refuses, head + connect + R"([expect]
states.client = ["SYN_SEND", "CLOSED"]
)",
R"(x.toml:8:18: error: unknown state 'SYN_SEND' (did you mean 'SYN_SENT'?)
states.client = ["SYN_SEND", "CLOSED"]
                 ^)"},
      {"states_no_transition", cannot_see, head + connect + R"([expect]
states.client = [
	"SYN_SENT", # ü
	"ESTABLISHED", "TIME_WAIT",
]
)",
R"(x.toml:10:17: error: can never happen: ESTABLISHED does not lead to TIME_WAIT
	"ESTABLISHED", "TIME_WAIT",
	               ^)"},
      {"states_begin_nowhere", cannot_see, head + connect + R"([expect]
states.client = ["ESTABLISHED"]
)",
R"(x.toml:8:18: error: can never happen: no connection begins in ESTABLISHED
states.client = ["ESTABLISHED"]
                 ^)"},
      {"states_of_unknown_connection", cannot_see, head + connect + R"([expect]
states."client:two" = ["SYN_SENT"]
)",
R"(x.toml:8:8: error: no connect step has a socket 'two', so no connection has that name
states."client:two" = ["SYN_SENT"]
       ^)"},
      {"states_contain_nothing", refuses, head + connect + R"([expect]
states.client = { contains = [] }
)",
R"(x.toml:8:30: error: the list of states is empty
states.client = { contains = [] }
                             ^)"},
      {"final_list", refuses, head + connect + R"([expect]
final.client = ["CLOSED"]
)",
R"(x.toml:8:16: error: an end has one final state: name one state
final.client = ["CLOSED"]
               ^)"},
      {"gaps_empty", refuses, head + connect + R"([expect]
gaps = [{ of = { flags = "SYN" }, are = [] }]
)",
R"(x.toml:8:41: error: the list of gaps is empty
gaps = [{ of = { flags = "SYN" }, are = [] }]
                                        ^)"},
      {"gaps_one_time", refuses, head + connect + R"([expect]
gaps = [{ of = { flags = "SYN" }, are = "1s" }]
)",
R"(x.toml:8:41: error: expected a list of times, one for each gap, or "timer:NAME"
gaps = [{ of = { flags = "SYN" }, are = "1s" }]
                                        ^)"},
      {"gaps_bad_time", refuses, head + connect + R"([expect]
gaps = [{ of = { flags = "SYN" }, are = ["1s", "2"] }]
)",
R"(x.toml:8:48: error: '2' is not a duration; write one like "63s", "200ms" or "2min"
gaps = [{ of = { flags = "SYN" }, are = ["1s", "2"] }]
                                               ^)"},
      {"counts_without_is", refuses, head + connect + R"([expect]
counts = [{ of = { flags = "SYN" } }]
)",
R"(x.toml:8:11: error: 'is' is missing
counts = [{ of = { flags = "SYN" } }]
          ^)"},
      {"counts_bad_range", refuses, head + connect + R"([expect]
counts = [{ of = { flags = "SYN" }, is = "few" }]
)",
R"(x.toml:8:42: error: expected a number, or a range like "2-4" or "5+"
counts = [{ of = { flags = "SYN" }, is = "few" }]
                                         ^)"},
      {"counts_distinct_unknown", refuses, head + connect + R"([expect]
counts = [{ of = { flags = "SYN" }, distinct = "prot", is = 1 }]
)",
R"(x.toml:8:48: error: unknown property of segments 'prot' (did you mean 'port'?)
counts = [{ of = { flags = "SYN" }, distinct = "prot", is = 1 }]
                                               ^)"},
      {"times_without_to", refuses, head + connect + R"([expect]
times = [{ from = { call = "step-1" }, is = "1s" }]
)",
R"(x.toml:8:10: error: 'to' is missing
times = [{ from = { call = "step-1" }, is = "1s" }]
         ^)"},
      {"times_of_a_wait", cannot_see, head + connect + R"([[step]]
wait = "1s"
[expect]
times = [{ from = { call = "step-1" }, to = { result = "step-2" }, is = "1s" }]
)",
R"(x.toml:10:56: error: step 'step-2' is no call
times = [{ from = { call = "step-1" }, to = { result = "step-2" }, is = "1s" }]
                                                       ^)"},
      {"times_two_states", refuses, head + connect + R"([expect]
times = [{ from = { call = "step-1" }, to = { client = ["CLOSED"] }, is = "1s" }]
)",
R"(x.toml:8:56: error: a moment is when one state begins: name one state
times = [{ from = { call = "step-1" }, to = { client = ["CLOSED"] }, is = "1s" }]
                                                       ^)"},
      {"times_connection_of_a_call", refuses, head + connect + R"([expect]
times = [{ from = { call = "step-1", connection = "main" }, to = { client = "CLOSED" }, is = "1s" }]
)",
R"(x.toml:8:38: error: 'connection' goes with a state, not with 'call'
times = [{ from = { call = "step-1", connection = "main" }, to = { client = "CLOSED" }, is = "1s" }]
                                     ^)"},
      {"never_empty", refuses, head + connect + R"([expect]
never = []
)",
R"(x.toml:8:9: error: 'never' is empty
never = []
        ^)"},
      {"never_not_a_list", refuses, head + connect + R"([expect]
never = { flags = "RST" }
)",
R"(x.toml:8:9: error: expected an array, got a table
never = { flags = "RST" }
        ^)"},
      {"segments_bad_key", refuses, head + connect + R"([expect]
segments = [{ flags = "SYN" }, { flgs = "RST" }]
)",
R"(x.toml:8:34: error: unknown key 'flgs' (did you mean 'flags'?)
segments = [{ flags = "SYN" }, { flgs = "RST" }]
                                 ^)"},
      {"stream_negative", refuses, head + connect + R"([expect]
stream.server = -1
)",
R"(x.toml:8:17: error: -1 is out of range: it can be 0 to 1099511627776
stream.server = -1
                ^)"},
      {"stream_text", refuses, head + connect + R"([expect]
stream.server = "1000"
)",
R"(x.toml:8:17: error: expected a number of bytes, got a string
stream.server = "1000"
                ^)"},
      {"call_after_kill", cannot_see, head + connect + R"([[step]]
client = "kill"
[[step]]
client = "close"
)" + expect,
R"(x.toml:10:10: error: the client's process was killed before this step
client = "close"
         ^)"},
      {"close_twice", cannot_see, head + connect + R"([[step]]
client = "close"
[[step]]
client = "close"
)" + expect,
R"(x.toml:10:10: error: no socket 'main' is open at the client by now
client = "close"
         ^)"},
      {"connect_twice_by_one_name", cannot_see, head + connect + R"([[step]]
client = "close"
)" + connect + expect,
R"(x.toml:10:10: error: the client has connected a socket 'main' already, and a connection is named after its socket: give this one another name
client = "connect"
         ^)"},
      {"listen_unbound", cannot_see, head + R"([server]
listen = false
[[step]]
server = "listen"
)" + connect + expect,
R"(x.toml:8:10: error: no socket 'listener' is open at the server by now
server = "listen"
         ^)"},
      {"kill_with_socket", refuses, head + connect + R"([[step]]
client = "kill"
socket = "main"
)" + expect,
R"(x.toml:9:1: error: 'socket' says nothing about kill
socket = "main"
^)"},
      {"hold_neither", refuses, head + R"([[rule]]
match = { flags = "SYN" }
hold = {}
)" + connect + expect,
R"(x.toml:7:8: error: write one of { until = SELECTOR } and { passed = NUMBER }
hold = {}
       ^)"},
      {"bytes_in_quotes", refuses, head + connect + R"([[step]]
client = "send"
bytes = "10"
)" + expect,
R"(x.toml:9:9: error: expected an integer, got a string
bytes = "10"
        ^)"},
      {"edit_of_nothing", refuses, head + R"([[rule]]
match = { payload = true }
edit = {}
)" + connect + expect,
R"(x.toml:7:8: error: nothing is edited: name at least one field
edit = {}
       ^)"},
      {"edit_of_checksums_alone", refuses, head + R"([[rule]]
match = { payload = true }
edit = { checksums = "keep" }
)" + connect + expect,
R"(x.toml:7:8: error: nothing is edited: name at least one field
edit = { checksums = "keep" }
       ^)"},
      {"edit_key_unknown", refuses, head + R"([[rule]]
match = { payload = true }
edit = { windwo = 0, ttl = 1 }
)" + connect + expect,
R"(x.toml:7:10: error: unknown key 'windwo' (did you mean 'window'?)
edit = { windwo = 0, ttl = 1 }
         ^)"},
      {"edit_window_too_large", refuses, head + R"([[rule]]
match = { payload = true }
edit = { window = 65536 }
)" + connect + expect,
R"(x.toml:7:19: error: 65536 is out of range: it can be 0 to 65535
edit = { window = 65536 }
                  ^)"},
      {"edit_sack_to_a_value", refuses, head + R"([[rule]]
match = { payload = true }
edit = { sack = 5 }
)" + connect + expect,
R"(x.toml:7:17: error: it can only be taken out: write false
edit = { sack = 5 }
                ^)"},
      {"edit_timestamps_half", refuses, head + R"([[rule]]
match = { payload = true }
edit = { timestamps = { value = 5 } }
)" + connect + expect,
R"(x.toml:7:23: error: write { value = NUMBER, echo = NUMBER }, or false
edit = { timestamps = { value = 5 } }
                      ^)"},
      {"edit_number_unknown", refuses, head + R"([[rule]]
match = { payload = true }
edit = { seq = "nxt" }
)" + connect + expect,
R"(x.toml:7:16: error: expected a number, or "isn", "next", "expected" or "edge", alone or like "next+5"; "+5" and "-5" change what the segment says
edit = { seq = "nxt" }
               ^)"},
      {"edit_number_negative", refuses, head + R"([[rule]]
match = { payload = true }
edit = { seq = -5 }
)" + connect + expect,
R"(x.toml:7:16: error: a sequence number has 32 bits
edit = { seq = -5 }
               ^)"},
      {"edit_number_too_far", cannot_see, head + R"([[rule]]
match = { payload = true }
edit = { seq = "next+4294967296" }
)" + connect + expect,
R"(x.toml:7:16: error: expected a number, or "isn", "next", "expected" or "edge", alone or like "next+5"; "+5" and "-5" change what the segment says
edit = { seq = "next+4294967296" }
               ^)"},
      {"corrupt_nowhere", refuses, head + R"([[rule]]
match = { payload = true }
corrupt = {}
)" + connect + expect,
R"(x.toml:7:11: error: write one of { payload = OFFSET } and { header = OFFSET }
corrupt = {}
          ^)"},
      {"corrupt_twice", refuses, head + R"([[rule]]
match = { payload = true }
corrupt = { payload = 1, header = 1 }
)" + connect + expect,
R"(x.toml:7:11: error: write one of { payload = OFFSET } and { header = OFFSET }
corrupt = { payload = 1, header = 1 }
          ^)"},
      {"corrupt_beyond_any_header", refuses, head + R"([[rule]]
match = { payload = true }
corrupt = { header = 60 }
)" + connect + expect,
R"(x.toml:7:22: error: 60 is out of range: it can be 0 to 59
corrupt = { header = 60 }
                     ^)"},
      {"truncate_nowhere", refuses, head + R"([[rule]]
match = { payload = true }
truncate = { checksums = "keep" }
)" + connect + expect,
R"(x.toml:7:12: error: write one of { payload = BYTES } and { header = BYTES }
truncate = { checksums = "keep" }
           ^)"},
      {"truncate_the_whole_header", refuses, head + R"([[rule]]
match = { payload = true }
truncate = { header = 0 }
)" + connect + expect,
R"(x.toml:7:23: error: 0 is out of range: it can be 1 to 59
truncate = { header = 0 }
                      ^)"},
      {"forge_without_from", refuses, head + R"([[rule]]
match = { payload = true }
forge = { flags = "RST" }
)" + connect + expect,
R"(x.toml:7:9: error: forge needs 'from': whose address it bears
forge = { flags = "RST" }
        ^)"},
      {"forge_ack_without_ack", refuses, head + R"([[rule]]
match = { payload = true }
forge = { from = "client", flags = "RST", ack = 1 }
)" + connect + expect,
R"(x.toml:7:49: error: these flags have no ACK, and so no ack number
forge = { from = "client", flags = "RST", ack = 1 }
                                                ^)"},
      {"forge_changes_what_is_not_there", refuses, head + R"([[rule]]
match = { payload = true }
forge = { from = "client", seq = "+5" }
)" + connect + expect,
R"(x.toml:7:34: error: expected a number, or "isn", "next", "expected" or "edge", alone or like "next+5"
forge = { from = "client", seq = "+5" }
                                 ^)"},
      {"forge_too_long", refuses, head + R"([[rule]]
match = { payload = true }
forge = { from = "client", payload = 1401 }
)" + connect + expect,
R"(x.toml:7:38: error: 1401 is out of range: it can be 0 to 1400
forge = { from = "client", payload = 1401 }
                                     ^)"},
      {"icmp_without_error", refuses, head + R"([[rule]]
match = { payload = true }
icmp = { mtu = 500 }
)" + connect + expect,
R"(x.toml:7:8: error: icmp needs 'error': which one
icmp = { mtu = 500 }
       ^)"},
      {"icmp_error_misspelt", refuses, head + R"([[rule]]
match = { payload = true }
icmp = { error = "port-unreachabel" }
)" + connect + expect,
R"(x.toml:7:18: error: unknown error 'port-unreachabel' (did you mean 'port-unreachable'?)
icmp = { error = "port-unreachabel" }
                 ^)"},
      {"icmp_too_big_without_mtu", refuses, head + R"([[rule]]
match = { payload = true }
icmp = { error = "packet-too-big" }
)" + connect + expect,
R"(x.toml:7:8: error: packet-too-big needs 'mtu'
icmp = { error = "packet-too-big" }
       ^)"},
      {"icmp_mtu_of_another_error", refuses, head + R"([[rule]]
match = { payload = true }
icmp = { error = "time-exceeded", mtu = 500 }
)" + connect + expect,
R"(x.toml:7:8: error: 'mtu' goes with packet-too-big
icmp = { error = "time-exceeded", mtu = 500 }
       ^)"},
      {"icmp_that_ipv6_lacks", cannot_see, head + R"([[rule]]
match = { payload = true }
icmp = { error = "source-quench" }
)" + connect + expect,
R"(x.toml:7:8: error: ICMPv6 has no source-quench: say families = ["ipv4"]
icmp = { error = "source-quench" }
       ^)"},
      {"icmp_mtu_that_ipv4_cannot_say", cannot_see, head + R"([[rule]]
match = { payload = true }
icmp = { error = "packet-too-big", mtu = 65536 }
)" + connect + expect,
R"(x.toml:7:8: error: an ICMPv4 message has 16 bits for the MTU: say families = ["ipv6"]
icmp = { error = "packet-too-big", mtu = 65536 }
       ^)"},
      {"limit_rate_zero", refuses, head + R"([[rule]]
match = { payload = true }
limit = { rate = 0, queue = 5 }
)" + connect + expect,
R"(x.toml:7:18: error: 0 is out of range: it can be 1 to 1000000000000
limit = { rate = 0, queue = 5 }
                 ^)"},
      {"limit_without_queue", refuses, head + R"([[rule]]
match = { payload = true }
limit = { rate = 1000 }
)" + connect + expect,
R"(x.toml:7:9: error: limit needs 'queue'
limit = { rate = 1000 }
        ^)"},
      {"shift_by_nothing", refuses, head + R"([[rule]]
match = { payload = true }
shift = { from = "client", by = 0 }
)" + connect + expect,
R"(x.toml:7:33: error: 0 is out of range: it can be 1 to 4294967295
shift = { from = "client", by = 0 }
                                ^)"},
      {"shift_in_two_ways", refuses, head + R"([[rule]]
match = { payload = true }
shift = { from = "client", by = 1, isn = 1 }
)" + connect + expect,
R"(x.toml:7:9: error: write one of isn = NUMBER and by = NUMBER
shift = { from = "client", by = 1, isn = 1 }
        ^)"},
      {"shift_without_from", refuses, head + R"([[rule]]
match = { payload = true }
shift = { isn = 1 }
)" + connect + expect,
R"(x.toml:7:9: error: shift needs 'from'
shift = { isn = 1 }
        ^)"},
      {"loss_outside_of_endurance", refuses, head + R"([[rule]]
match = { payload = true }
loss = { probability = 0.1 }
)" + connect + expect,
R"(x.toml:7:8: error: 'loss' is random, and no promise can be judged by it: it needs level = "endurance"
loss = { probability = 0.1 }
       ^)"},
      {"loss_of_more_than_all", refuses, head + R"([[rule]]
match = { payload = true }
loss = { probability = 1.5 }
)" + connect + expect,
R"(x.toml:7:24: error: expected a probability, 0 to 1
loss = { probability = 1.5 }
                       ^)"},
      {"loss_in_two_ways", refuses, head + R"([[rule]]
match = { payload = true }
loss = { probability = 0.1, good_to_bad = 0.1 }
)" + connect + expect,
R"(x.toml:7:8: error: write { probability = P }, or { good_to_bad = P, bad_to_good = R } with in_good and in_bad
loss = { probability = 0.1, good_to_bad = 0.1 }
       ^)"},
      {"selector_kind_unknown", refuses, head + R"([[rule]]
match = { kind = "duplicate-akc" }
drop = 1
)" + connect + expect,
R"(x.toml:6:18: error: unknown kind of segment 'duplicate-akc' (did you mean 'duplicate-ack'?)
match = { kind = "duplicate-akc" }
                 ^)"},
      {"selector_kinds_empty", refuses, head + R"([[rule]]
match = { kind = [] }
drop = 1
)" + connect + expect,
R"(x.toml:6:18: error: can never match: the list is empty
match = { kind = [] }
                 ^)"},
      {"selector_kind_of_a_syn", cannot_see, head + R"([[rule]]
match = { flags = "SYN ACK", kind = "pure-ack" }
drop = 1
)" + connect + expect,
R"(x.toml:6:9: error: can never match: a segment of a kind is an ACK without SYN, FIN and RST
match = { flags = "SYN ACK", kind = "pure-ack" }
        ^)"},
      {"selector_option_unknown", refuses, head + R"([[rule]]
match = { option = ["sack", "timestamp"] }
drop = 1
)" + connect + expect,
R"(x.toml:6:29: error: unknown TCP option 'timestamp' (did you mean 'timestamps'?)
match = { option = ["sack", "timestamp"] }
                            ^)"},
      {"selector_option_number", refuses, head + R"([[rule]]
match = { option = 1 }
drop = 1
)" + connect + expect,
R"(x.toml:6:20: error: an option's number is 2 to 255
match = { option = 1 }
                   ^)"},
      {"selector_retransmission_zero", refuses, head + R"([[rule]]
match = { retransmission = 0 }
drop = 1
)" + connect + expect,
R"(x.toml:6:28: error: the first retransmission is number 1; write false for none
match = { retransmission = 0 }
                           ^)"},
      {"selector_window_too_large", cannot_see, head + R"([[rule]]
match = { window = 65536 }
drop = 1
)" + connect + expect,
R"(x.toml:6:9: error: can never match: the header's window has 16 bits
match = { window = 65536 }
        ^)"},
      {"selector_byte_zero", cannot_see, head + R"([[rule]]
match = { byte = 0 }
drop = 1
)" + connect + expect,
R"(x.toml:6:9: error: can never match: the stream's first byte is number 1
match = { byte = 0 }
        ^)"},
      {"after_an_unknown_rule", cannot_see, head + R"([[rule]]
name = "a"
match = {}
drop = 1
after = { rule = "b" }
)" + connect + expect,
R"(x.toml:9:18: error: no rule is named 'b' (did you mean 'a'?)
after = { rule = "b" }
                 ^)"},
      {"after_an_unknown_step", cannot_see, head + R"([[rule]]
name = "a"
match = {}
drop = 1
after = { step = "setp-1" }
)" + connect + expect,
R"(x.toml:9:18: error: no step is named 'setp-1' (did you mean 'step-1'?)
after = { step = "setp-1" }
                 ^)"},
      {"after_itself", cannot_see, head + R"([[rule]]
name = "a"
match = {}
drop = 1
after = { rule = "a" }
)" + connect + expect,
R"(x.toml:9:18: error: a rule cannot come after itself
after = { rule = "a" }
                 ^)"},
      {"after_nothing", refuses, head + R"([[rule]]
name = "a"
match = {}
drop = 1
after = {}
)" + connect + expect,
R"(x.toml:9:9: error: write one of { rule = NAME } and { step = NAME }
after = {}
        ^)"},
      {"after_two", refuses, head + R"([[rule]]
name = "a"
match = {}
drop = 1
after = { rule = "a-2", step = "step-1" }
)" + connect + expect,
R"(x.toml:9:9: error: write one of { rule = NAME } and { step = NAME }
after = { rule = "a-2", step = "step-1" }
        ^)"},
      {"lasting_no_time", cannot_see, head + R"([[rule]]
name = "a"
match = {}
drop = 1
lasting = "0s"
)" + connect + expect,
R"(x.toml:9:11: error: can never match: a rule lasts longer than 0s
lasting = "0s"
          ^)"},
      {"step_forge_without_from", refuses, head + connect + R"([[step]]
forge = { flags = "RST" }
)" + expect,
R"(x.toml:8:9: error: forge needs 'from': whose address it bears
forge = { flags = "RST" }
        ^)"},
      {"step_fault_of_an_unknown_connection", cannot_see, head + connect + R"([[step]]
icmp = { error = "time-exceeded" }
connection = "mian"
)" + expect,
R"(x.toml:9:14: error: no connect step has a socket 'mian', so no connection has that name (did you mean 'main'?)
connection = "mian"
             ^)"},
      {"step_fault_with_a_key_of_a_call", refuses, head + connect + R"([[step]]
forge = { from = "client" }
takes = "1s"
)" + expect,
R"(x.toml:9:1: error: 'takes' says nothing about a fault
takes = "1s"
^)"},
      {"step_fault_within", refuses, head + connect + R"([[step]]
forge = { from = "client" }
within = "1s"
)" + expect,
R"(x.toml:9:1: error: 'within' goes with 'wait'
within = "1s"
^)"},
      {"counts_of_a_time_without_segments", cannot_see, head + connect + R"([expect]
counts = [{ of = { has = "FIN" }, is = "timer:time-wait" }]
)",
R"(x.toml:8:40: error: timer:time-wait is a time in which nothing is sent: it says nothing of segments
counts = [{ of = { has = "FIN" }, is = "timer:time-wait" }]
                                       ^)"},
      {"rules_after_each_other", cannot_see, head + R"([[rule]]
name = "a"
match = {}
drop = 1
after.rule = "b"
[[rule]]
name = "b"
match = {}
drop = 1
after.rule = "a"
)" + connect + expect,
R"(x.toml:9:14: error: the rules that come after each other from 'a' on lead back to it, so none of them becomes active
after.rule = "b"
             ^)"},
      {"shift_of_one_direction", cannot_see, head + R"([[rule]]
match = { from = "client" }
shift = { from = "client", by = 1 }
)" + connect + expect,
R"(x.toml:6:11: error: 'shift' changes both directions: leave 'from' out of the match
match = { from = "client" }
          ^)"},
      {"icmp_to_in_a_rule", cannot_see, head + R"([[rule]]
match = {}
icmp = { error = "net-unreachable", to = "client" }
)" + connect + expect,
R"(x.toml:7:37: error: 'to' goes with a step
icmp = { error = "net-unreachable", to = "client" }
                                    ^)"},
      {"icmp_segment_in_a_step", cannot_see, head + connect + R"([[step]]
icmp = { error = "net-unreachable", segment = "pass" }
)" + expect,
R"(x.toml:8:37: error: 'segment' goes with a rule
icmp = { error = "net-unreachable", segment = "pass" }
                                    ^)"},
      {"kind_with_payload", cannot_see, head + R"([[rule]]
match = { kind = "pure-ack", payload = true }
drop = 1
)" + connect + expect,
R"(x.toml:6:9: error: can never match: segments of this kind have no payload
match = { kind = "pure-ack", payload = true }
        ^)"},
      {"step_connection_without_fault", refuses, head + connect + R"([[step]]
wait = "1s"
connection = "main"
)" + expect,
R"(x.toml:9:1: error: 'connection' goes with a fault
connection = "main"
^)"},
      {"step_fault_that_needs_a_segment", refuses, head + connect + R"([[step]]
drop = 1
)" + expect,
R"(x.toml:8:1: error: unknown key 'drop'; known here: name, client, server, wait, link, within, connection, forge, icmp, socket, background, bytes, how, option, value, field, port, fails, may_fail, returns, takes
drop = 1
^)"},
      {"step_icmp_that_ipv6_lacks", cannot_see, head + connect + R"([[step]]
icmp = { error = "source-quench" }
)" + expect,
R"(x.toml:8:8: error: ICMPv6 has no source-quench: say families = ["ipv4"]
icmp = { error = "source-quench" }
       ^)"},
  };
  return list;
}
// clang-format on

}  // namespace faultline::test
