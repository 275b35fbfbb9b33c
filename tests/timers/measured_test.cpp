// What real kernels did, against what the models say. Linux 6.18 at 250 Hz unless said otherwise;
// the times are those of a veth or loopback connection.
#include <gtest/gtest.h>

#include "tests/timers/linux_inputs.hpp"

namespace faultline {
namespace {

// How the end was noticed. A socket that simply goes away was looked for in /proc every so often,
// and FIN_WAIT_2 was timed from close(), up to 44 ms (the peer's delayed ACK) before it begins.
constexpr Nanos rounding = 5ms, polled = 105ms;

struct Measured {
  int hz;
  const char* model;
  const char* changes;
  Nanos total;
  int transmissions;  // 0: not counted
  Nanos late;         // how much later than the event the measurement can be
};

class AgainstKernels : public testing::TestWithParam<Measured> {};

TEST_P(AgainstKernels, TheMeasuredLiesWithinThePredicted) {
  const Measured& measured = GetParam();
  const auto prediction = predict(measured.model, inputs_with(measured.hz, measured.changes));
  ASSERT_TRUE(prediction) << prediction.error().what;
  EXPECT_GE(measured.total + rounding, prediction->gives_up.low) << prediction->sentence;
  EXPECT_LE(measured.total - measured.late, prediction->gives_up.high) << prediction->sentence;
  if (measured.transmissions > 0) {
    EXPECT_EQ(prediction->transmissions, (Count{measured.transmissions, measured.transmissions}))
        << prediction->sentence;
  }
}

// Tight: at 250 Hz no total is less certain than the widest slot that its timers wait in, and the
// TLP and the idle timer add theirs.
TEST_P(AgainstKernels, TheBoundsAreTight) {
  const Measured& measured = GetParam();
  const auto prediction = predict(measured.model, inputs_with(measured.hz, measured.changes));
  ASSERT_TRUE(prediction) << prediction.error().what;
  const Nanos width = prediction->gives_up.high - prediction->gives_up.low;
  EXPECT_LE(width, granule(measured.total, measured.hz) + 2 * jiffy(measured.hz) + 64ms)
      << prediction->sentence;
}

constexpr Measured connect_rows[] = {
    {250, "connect", "tcp_syn_retries=1", 3050ms, 3, rounding},
    {250, "connect", "tcp_syn_retries=2", 7110ms, 6, rounding},
    {250, "connect", "TCP_SYNCNT=2", 7130ms, 6, rounding},
    {250, "connect", "tcp_syn_retries=3", 19370ms, 8, rounding},
    {250, "connect", "tcp_syn_retries=5", 68370ms, 10, rounding},
    {250, "connect", "tcp_syn_retries=6", 133770ms, 11, rounding},
    {250, "connect", "tcp_syn_retries=5 tcp_syn_linear_timeouts=0", 65550ms, 6, rounding},
    {250, "connect", "tcp_syn_retries=6 tcp_syn_linear_timeouts=0", 130910ms, 7, rounding},
    {250, "connect", "tcp_syn_retries=3 tcp_syn_linear_timeouts=8", 15290ms, 11, rounding},
    {250, "connect", "TCP_USER_TIMEOUT=2500", 2520ms, 3, rounding},
    {100, "connect", "tcp_syn_retries=5 tcp_syn_linear_timeouts=0", 65120ms, 6, rounding},
    {1000, "connect", "tcp_syn_retries=5 tcp_syn_linear_timeouts=0", 63970ms, 6, rounding}};
INSTANTIATE_TEST_SUITE_P(Connect, AgainstKernels, testing::ValuesIn(connect_rows));

constexpr Measured synack_rows[] = {{250, "synack", "tcp_synack_retries=0", 1100ms, 1, polled},
                                    {250, "synack", "tcp_synack_retries=1", 3100ms, 2, polled},
                                    {250, "synack", "tcp_synack_retries=2", 7300ms, 3, polled},
                                    {250, "synack", "tcp_synack_retries=3", 15400ms, 4, polled},
                                    {250, "synack", "tcp_synack_retries=5", 65400ms, 6, polled}};
INSTANTIATE_TEST_SUITE_P(SynAck, AgainstKernels, testing::ValuesIn(synack_rows));

constexpr Measured data_rows[] = {
    {250, "data", "tcp_retries2=1", 1680ms, 4, rounding},
    {250, "data", "tcp_retries2=2", 3330ms, 5, rounding},
    {250, "data", "tcp_retries2=3", 6650ms, 6, rounding},
    {250, "data", "tcp_retries2=5", 13420ms, 7, rounding},
    {250, "data", "tcp_retries2=8", 107990ms, 10, rounding},
    {250, "data", "", 939320ms, 17, rounding},
    {250, "data", "sack=0", 938720ms, 16, rounding},
    {250, "data", "tcp_early_retrans=0", 938720ms, 16, rounding},
    {250, "data", "TCP_USER_TIMEOUT=5000", 5440ms, 0, rounding},
    {250, "data", "tcp_rto_max_ms=1000", 14970ms, 0, rounding},
    {250, "data", "tcp_rto_max_ms=5000 tcp_retries2=8", 27140ms, 0, rounding},
    {250, "data", "tcp_thin_linear_timeouts=1 tcp_retries2=5", 14760ms, 13, rounding},
    {250, "fin-held", "tcp_retries2=3", 6770ms, 6, polled},
    {250, "fin-held", "tcp_retries2=5", 13280ms, 7, polled},
    {250, "fin-held", "tcp_retries2=8", 107330ms, 10, polled}};
INSTANTIATE_TEST_SUITE_P(Data, AgainstKernels, testing::ValuesIn(data_rows));

constexpr Measured orphan_rows[] = {
    {250, "fin-orphan", "tcp_orphan_retries=0", 107300ms, 10, polled},
    {250, "fin-orphan", "tcp_orphan_retries=1", 1700ms, 4, polled},
    {250, "fin-orphan", "tcp_orphan_retries=2", 3420ms, 5, polled},
    {250, "fin-orphan", "tcp_orphan_retries=3", 6730ms, 6, polled},
    {250, "fin-orphan", "tcp_orphan_retries=4", 6830ms, 6, polled},
    {250, "fin-orphan", "tcp_orphan_retries=5", 13370ms, 7, polled},
    {250, "fin-orphan", "tcp_orphan_retries=8", 106400ms, 10, polled},
    {250, "fin-orphan", "tcp_orphan_retries=0 sack=0", 107100ms, 9, polled},
    {250, "fin-orphan", "tcp_orphan_retries=1 sack=0", 1510ms, 3, polled},
    {250, "fin-orphan", "tcp_orphan_retries=3 sack=0", 6630ms, 5, polled},
    // Looked for every millisecond.
    {250, "fin-orphan", "tcp_orphan_retries=1", 1672ms, 4, rounding},
    {250, "fin-orphan", "tcp_orphan_retries=2", 3333ms, 5, rounding},
    {250, "fin-orphan", "tcp_orphan_retries=3", 6648ms, 6, rounding},
    {250, "fin-orphan", "tcp_orphan_retries=4", 6720ms, 6, rounding},
    {250, "fin-orphan", "tcp_orphan_retries=5", 13517ms, 7, rounding},
    {250, "fin-orphan", "tcp_orphan_retries=1 tcp_early_retrans=0", 1477ms, 3, rounding},
    {250, "fin-orphan", "tcp_orphan_retries=2 tcp_early_retrans=0", 3130ms, 4, rounding},
    {250, "fin-orphan", "tcp_orphan_retries=3 tcp_early_retrans=0", 6543ms, 5, rounding},
    {250, "fin-orphan", "tcp_orphan_retries=4 tcp_early_retrans=0", 6652ms, 5, rounding}};
INSTANTIATE_TEST_SUITE_P(Orphan, AgainstKernels, testing::ValuesIn(orphan_rows));

constexpr Measured quiet_rows[] = {
    {250, "fin-wait-2", "tcp_fin_timeout=5", 5220ms, 0, polled},
    {250, "fin-wait-2", "tcp_fin_timeout=30", 30340ms, 0, polled},
    {250, "fin-wait-2", "tcp_fin_timeout=60", 60990ms, 0, polled},
    {250, "fin-wait-2", "tcp_fin_timeout=61", 2105ms, 0, polled},
    {250, "fin-wait-2", "tcp_fin_timeout=62", 4110ms, 0, polled},
    {250, "fin-wait-2", "tcp_fin_timeout=70", 20490ms, 0, polled},
    {250, "fin-wait-2", "TCP_LINGER2=90", 62180ms, 0, polled},
    {250, "fin-wait-2", "TCP_LINGER2=5", 5320ms, 0, polled},
    {250, "fin-wait-2", "tcp_fin_timeout=100", 83000ms, 0, polled},
    {250, "time-wait", "", 61400ms, 0, polled},
    {250, "keepalive", "TCP_KEEPIDLE=5 TCP_KEEPINTVL=2 TCP_KEEPCNT=3", 11300ms, 3, rounding},
    {250, "keepalive", "TCP_KEEPIDLE=10 TCP_KEEPINTVL=3 TCP_KEEPCNT=9", 37870ms, 9, rounding},
    {250, "keepalive", "TCP_KEEPIDLE=5 TCP_KEEPINTVL=2 TCP_KEEPCNT=3 TCP_USER_TIMEOUT=4000", 7230ms,
     1, rounding},
    {250, "keepalive", "TCP_KEEPIDLE=5 TCP_KEEPINTVL=2 TCP_KEEPCNT=9 TCP_USER_TIMEOUT=12000",
     13130ms, 4, rounding}};
INSTANTIATE_TEST_SUITE_P(Quiet, AgainstKernels, testing::ValuesIn(quiet_rows));

}  // namespace
}  // namespace faultline
