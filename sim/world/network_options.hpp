#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/client/client_options.hpp"
#include "core/random/probability.hpp"
#include "core/time/time.hpp"
#include "sim/world/group_options.hpp"
#include "sim/world/identity_options.hpp"

namespace kadsim {

/// Models of a delay: a round trip between two nodes, one way and back. Paths are
/// relative to the current folder once decoded.
namespace delay {

struct Constant {
  Duration value = Duration::milliseconds(50);
};
/// Uniform in [min, max], min <= max.
struct Uniform {
  Duration min = Duration::milliseconds(10);
  Duration max = Duration::milliseconds(200);
};
/// exp(N(ln median, sigma^2)); 0 < sigma <= 2.
struct Lognormal {
  Duration median = Duration::milliseconds(100);
  double sigma = 0.5;
};
/// scale * (-ln(1 - u))^(1/shape); 0.3 <= shape <= 20.
struct Weibull {
  double shape = 1.5;
  Duration scale = Duration::milliseconds(100);
};
/// Quantiles of the measured PlanetLab round trips, shipped with the program.
struct PlanetLab {};
/// Quantiles read from a CSV file, columns `probability,delay_ms`.
struct Quantiles {
  std::string file;
};
/// Round trips read from a square matrix; nodes sit on rows by a seeded draw.
struct Matrix {
  std::string file;
  Duration unit = Duration::milliseconds(1);  ///< what 1 in the file means
};
/// Nodes in named regions; delays[i][j] is the round trip between regions i and j, n x n,
/// symmetric.
struct Regions {
  std::vector<std::string> names;
  std::vector<Probability> shares;  ///< of the nodes, one a region; they sum to 1
  std::vector<std::vector<Duration>> delays;
};

}  // namespace delay

using DelayModel = std::variant<delay::Constant, delay::Uniform, delay::Lognormal, delay::Weibull,
                                delay::PlanetLab, delay::Quantiles, delay::Matrix, delay::Regions>;

/// For what a base delay is drawn.
enum class DelayDraw : std::uint8_t {
  kPair,         ///< once for each pair of nodes: the same in both directions, for the whole run
  kConnection,   ///< once for each contact within an operation; its dial and requests share it
                 ///< (py-dht)
  kInteraction,  ///< for each dial and each request anew
};

enum class GammaMode : std::uint8_t {
  kInFlight,    ///< for each RPC now in flight at the node, this one included
  kCumulative,  ///< for each use of the node since the start (py-dht)
};

struct ErrorOptions {
  Probability rate;
  /// When the error is known. None: for a fast error the delay of the link, for a slow one the RPC
  /// timeout.
  std::optional<DelayModel> delay;
};

struct LinkOptions {
  DelayModel delay = delay::Constant{};
  DelayDraw draw = DelayDraw::kPair;
  ErrorOptions fast_errors;
  ErrorOptions slow_errors;
  Duration gamma;  ///< overhead a node adds, >= 0
  GammaMode gamma_mode = GammaMode::kInFlight;
};

/// How routing tables are filled at time 0.
enum class Fill : std::uint8_t {
  kClosest,   ///< the k nodes of the bucket's subtree that are closest to the owner (py-dht)
  kRandom,    ///< k uniformly random members of the subtree
  kBalanced,  ///< as even as possible over the halves of the subtree, recursively (ProbeLab
              ///< RFM19.1)
};

/// Where the routing tables of time 0 are kept. Decides over time and memory, not over results.
enum class TableStorage : std::uint8_t {
  kPrecomputed,  ///< built ahead: 4 bytes a contact
  kDerived,      ///< each bucket is filled when it is read
  kAuto,         ///< whichever fits the machine; settled before a network is made
};

struct NetworkOptions {
  std::uint32_t id =
      0;  ///< a label that tells several networks of one scheduler apart; changes no draw
  std::uint64_t nodes = 1000;
  Fill fill = Fill::kRandom;
  TableStorage storage = TableStorage::kPrecomputed;
  Probability unreachable;           ///< share of the nodes that stand in tables but never answer
  IdentityOptions identities;        ///< of these `nodes`, those whose hashes are chosen
  std::vector<GroupOptions> groups;  ///< of these `nodes`; together no more than there are
  LinkOptions link;
};

}  // namespace kadsim
