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
R"(x.toml:5:1: error: a rule needs a fault: one of drop, pass, delay, hold, duplicate, unplug
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
hold = { untill = { flags = "ACK" } }
)" + connect + expect,
R"(x.toml:7:10: error: unknown key 'untill' (did you mean 'until'?)
hold = { untill = { flags = "ACK" } }
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
R"(x.toml:5:1: error: a step is one of client = CALL, server = CALL, wait = …, link = "unplug"; this has none
[[step]]
^)"},
      {"step_with_two_verbs", refuses, head + R"([[step]]
client = "connect"
server = "accept"
)" + expect,
R"(x.toml:5:1: error: a step is one of client = CALL, server = CALL, wait = …, link = "unplug"; this has client and server
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
R"(x.toml:7:8: error: give 'until' or 'passed'
hold = {}
       ^)"},
      {"bytes_in_quotes", refuses, head + connect + R"([[step]]
client = "send"
bytes = "10"
)" + expect,
R"(x.toml:9:9: error: expected an integer, got a string
bytes = "10"
        ^)"},
  };
  return list;
}
// clang-format on

}  // namespace faultline::test
