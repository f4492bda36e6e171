#include "core/resource/max_flow.hpp"

#include "core/base/assert.hpp"

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/push_relabel_max_flow.hpp>

namespace kadsim {
namespace {

using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;

struct EdgeData {
  std::int64_t capacity = 0;
  std::int64_t residual = 0;
  Traits::edge_descriptor reverse;
};
using Network =
    boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property, EdgeData>;

}  // namespace

std::size_t MaxFlow::add_arc(std::size_t from, std::size_t to, std::int64_t capacity) {
  KADSIM_ASSERT(from < nodes_ && to < nodes_ && capacity >= 0 && capacity <= kAnyAmount,
                "an arc of a flow network is out of range");
  arcs_.push_back({from, to, capacity, 0});
  return arcs_.size() - 1;
}

std::int64_t MaxFlow::solve(std::size_t from, std::size_t to) {
  Network network(nodes_);
  std::vector<Traits::edge_descriptor> edges;
  edges.reserve(arcs_.size());
  for (const Arc& arc : arcs_) {
    const auto forth = boost::add_edge(arc.from, arc.to, network).first;
    const auto back = boost::add_edge(arc.to, arc.from, network).first;
    network[forth] = {arc.capacity, 0, back};
    network[back] = {0, 0, forth};
    edges.push_back(forth);
  }
  const std::int64_t total = boost::push_relabel_max_flow(
      network, from, to, boost::get(&EdgeData::capacity, network),
      boost::get(&EdgeData::residual, network), boost::get(&EdgeData::reverse, network),
      boost::get(boost::vertex_index, network));
  for (std::size_t i = 0; i < arcs_.size(); ++i)
    arcs_[i].flow = arcs_[i].capacity - network[edges[i]].residual;

  source_side_.assign(nodes_, false);
  source_side_[from] = true;
  std::vector<std::size_t> open{from};
  while (!open.empty()) {
    const std::size_t node = open.back();
    open.pop_back();
    for (auto [edge, end] = boost::out_edges(node, network); edge != end; ++edge) {
      const std::size_t next = boost::target(*edge, network);
      if (network[*edge].residual == 0 || source_side_[next]) continue;
      source_side_[next] = true;
      open.push_back(next);
    }
  }
  return total;
}

}  // namespace kadsim
