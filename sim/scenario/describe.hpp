#pragma once

#include <span>

#include "sim/scenario/fields.hpp"
#include "sim/scenario/scenario.hpp"

namespace kadsim {

// The fields of every struct that a scenario file fills in, each written down once. Where a struct
// is described tells where its keys stand: `describe_client.cpp` is the object "client".

void describe(Fields& fields, Scenario& scenario);
/// Part of a scenario's fields: what makes many runs of it.
void describe_runs(Fields& fields, Scenario& scenario);
void describe(Fields& fields, NamedPoint& point);
void describe(Fields& fields, MeasureOptions& measure);
void describe(Fields& fields, OutputOptions& output);

/// The dial policy is the client's, but a property of the links: it is written among theirs. Groups
/// tell how their clients differ from `client`.
void describe_network(Fields& fields, NetworkOptions& network, ClientOptions& client);
void describe_link(Fields& fields, LinkOptions& link, DialPolicy& dial);

void describe(Fields& fields, IdentityOptions& identities);
void describe(Fields& fields, PrefixIdentities& near);

/// `all` is how all other clients behave.
void describe_group(Fields& fields, GroupOptions& group, ClientOptions& all);
void describe(Fields& fields, group_size::Count& size);
void describe(Fields& fields, group_size::Share& size);
void describe(Fields& fields, group_size::Chosen& size);
void describe(Fields& fields, group_size::AllChosen& which);
void describe(Fields& fields, group_size::OfFile& which);
void describe(Fields& fields, group_size::NearKey& which);
/// That names are unique, that there are not too many groups, that they fit into the network, and
/// that chosen identities are there and in one group each.
/// Part of the rules of the object "network".
void check_groups(Rules& rules, const NetworkOptions& network);

void describe(Fields& fields, DelayModel& model);
void describe(Fields& fields, delay::Constant& model);
void describe(Fields& fields, delay::Uniform& model);
void describe(Fields& fields, delay::Lognormal& model);
void describe(Fields& fields, delay::Weibull& model);
void describe(Fields& fields, delay::PlanetLab& model);
void describe(Fields& fields, delay::Quantiles& model);
void describe(Fields& fields, delay::Matrix& model);
void describe(Fields& fields, delay::Regions& model);

void describe(Fields& fields, ClientOptions& client);
void describe(Fields& fields, RecordLimits& records);
void describe(Fields& fields, ClientResources& resources);
void describe(Fields& fields, StreamLimits& streams);
void describe(Fields& fields, on_limit::Fail& rule);
void describe(Fields& fields, on_limit::Wait& rule);
void describe(Fields& fields, on_limit::Revoke& rule);
void describe(Fields& fields, on_limit::WaitFor& rule);
void describe(Fields& fields, ManagerOptions& manager);
void describe(Fields& fields, OwnerLimits& limits);
void describe(Fields& fields, GoLibp2pOptions& options);
void describe(Fields& fields, ValueOptions& values);
void describe(Fields& fields, QueryOptions& queries);

void describe(Fields& fields, WorkloadEntry& entry);
void describe(Fields& fields, ClosedLoop& arrival);
void describe(Fields& fields, OpenLoop& arrival);
void describe(Fields& fields, origins::Uniform& origin);
void describe(Fields& fields, origins::File& origin);
void describe(Fields& fields, origins::Group& origin);
void describe(Fields& fields, targets::Uniform& target);
void describe(Fields& fields, targets::File& target);
void describe(Fields& fields, targets::ProvidedBy& target);
void describe(Fields& fields, targets::PutBy& target);

/// Names entries that have none after their operation, "lookup", "lookup-2", ..., and checks that
/// names are unique and that what is retrieved or got is provided or put. Part of the rules of a
/// scenario.
void check_workload(Rules& rules, std::vector<WorkloadEntry>& workload);

/// Checks that groups which origins are chosen from are there. Part of the rules of a scenario.
void check_origins(Rules& rules, const Scenario& scenario);

/// Checks that clients can play the operations that they may start, and that those of one group go
/// with those of the others. Part of the rules of a scenario.
void check_clients(Rules& rules, const Scenario& scenario);

/// When the clients of a group may dial.
[[nodiscard]] std::span<const Named> dials_of_groups();
/// What `network.tables.fill` and the `model` of a delay may be.
[[nodiscard]] std::span<const Named> table_fills();
[[nodiscard]] std::span<const Named> delay_models();

}  // namespace kadsim
